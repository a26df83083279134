package env

import "golang.org/x/sys/unix"

func renameNoReplace(from, to string) error {
	return unix.RenamexNp(from, to, unix.RENAME_EXCL)
}

func renameExchange(one, other string) error {
	return unix.RenamexNp(one, other, unix.RENAME_SWAP)
}
