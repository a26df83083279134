package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// startRegistry starts a registry on this machine, and returns its address. It is
// stopped when the test ends.
func startRegistry(p *person) string {
	p.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", freePort(p.T))
	config := filepath.Join(p.dir, "registry.yml")
	p.write(config, fmt.Sprintf("version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %s/registry}}\nhttp: {addr: %q}\n", p.dir, address))
	server := exec.Command("docker-registry", "serve", config)
	server.Env = []string{"PATH=" + os.Getenv("PATH"), "OTEL_TRACES_EXPORTER=none"}
	log := new(strings.Builder)
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	for give := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
			return address
		}
		if time.Now().After(give) {
			p.Fatalf("the registry does not answer: %v", err)
		}
	}
}

// tool runs a program on images in the person's directory, and returns what it prints.
func (p *person) tool(program string, args ...string) string {
	p.Helper()
	c := exec.Command(program, args...)
	c.Dir = p.dir
	c.Env = append(os.Environ(), "HOME="+p.home, "TMPDIR="+p.dir, "XDG_RUNTIME_DIR="+p.dir)
	out, err := c.CombinedOutput()
	if err != nil {
		p.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestImage carries an environment as an image to a registry and back, and unpacks it,
// with the programs of others. It is the same image each time.
func TestImage(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	if made := p.den("mk", "--no-activate", "--without-pip", "web"); made.status != 0 {
		t.Fatal(made.out)
	}
	brick(p)
	image := func(args ...string) string {
		t.Helper()
		packed := p.den(append([]string{"pack", "web", "--format", "oci"}, args...)...)
		digest := regexp.MustCompile(`(?m)^sha256:[0-9a-f]{64}$`).FindString(packed.out)
		if packed.status != 0 || digest == "" {
			t.Fatalf("den pack: %d, %s", packed.status, packed.out)
		}
		return digest
	}
	p.write(filepath.Join(p.dir, ".den-work-1", "file"), "") // of one that was killed
	image("--at", "/srv/other")
	digest := image("--at", "/srv/web") // in its place
	if left, _ := filepath.Glob(filepath.Join(p.dir, ".*")); len(left) > 0 {
		t.Errorf("packing leaves %q", left)
	}
	if again := image("--at", "/srv/web", "-o", "again"); again != digest {
		t.Errorf("the digest is %s, and again %s", digest, again)
	}

	address := startRegistry(p)
	there := "docker://" + address + "/web:1"
	p.tool("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", "oci:web.oci:latest", there)
	p.tool("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", there, "oci:back:latest")
	if got := p.tool("skopeo", "inspect", "--tls-verify=false", "--format={{.Digest}}", there); got != digest {
		t.Errorf("the registry has the digest %s, and den says %s", got, digest)
	}
	p.tool("umoci", "unpack", "--rootless", "--image", "back:latest", "bundle")
	root := filepath.Join(p.dir, "bundle", "rootfs")
	if config := p.tool("cat", filepath.Join(root, "srv/web/pyvenv.cfg")); !strings.Contains(config, "home = /usr/local/bin\n") {
		t.Errorf("pyvenv.cfg is %q", config)
	}
	if out, err := exec.Command("grep", "-rl", "-e", p.dir, "-e", "den-packed", root).CombinedOutput(); err == nil {
		t.Errorf("these say a path of this machine:\n%s", out)
	}

	// On top of another image, with a Python elsewhere.
	series := strings.TrimPrefix(filepath.Base(filepath.Dir(strings.TrimSpace(p.den("path", "web", "--site-packages").out))), "python")
	p.tool("umoci", "init", "--layout", "base")
	p.tool("umoci", "new", "--image", "base:one")
	p.write(filepath.Join(p.dir, "file"), "a program\n")
	p.tool("umoci", "insert", "--rootless", "--image", "base:one", "file", "/usr/bin/python"+series)
	p.tool("umoci", "config", "--image", "base:one", "--config.env", "PATH=/base/bin", "--config.env", "KEPT=1")
	image("--base", "base:one", "-o", "both")
	inspected := p.tool("skopeo", "inspect", "oci:both:latest")
	for _, want := range []string{`"PATH=/opt/web/bin:/base/bin"`, `"KEPT=1"`, `"VIRTUAL_ENV=/opt/web"`} {
		if !strings.Contains(inspected, want) {
			t.Errorf("the image has no %s: %s", want, inspected)
		}
	}
	p.tool("umoci", "unpack", "--rootless", "--image", "both:latest", "bundle2")
	if text := p.tool("cat", "bundle2/rootfs/usr/bin/python"+series); text != "a program" {
		t.Errorf("the file of the base is %q", text)
	}
	if target, err := os.Readlink(filepath.Join(p.dir, "bundle2/rootfs/opt/web/bin/python")); target != "/usr/bin/python"+series || err != nil {
		t.Errorf("bin/python leads to %q, %v", target, err)
	}
	p.write(filepath.Join(p.dir, "taken", "file"), "")
	for _, bad := range [][]string{{"--at", "web"}, {"-o", "taken"}, {"--base", "nowhere"}, {"--base", "base:two"}, {"--base", "base:one", "-o", "base"}, {"--base", "base:one", "-o", "base", "--tag", "one"}, {"--tag", "a/b"}} {
		if s := p.den(append([]string{"pack", "web", "--format", "oci"}, bad...)...); s.status == 0 {
			t.Errorf("den pack %q: %s", bad, s.out)
		}
	}
	if left := p.tool("umoci", "list", "--layout", "base"); left != "one" {
		t.Errorf("the base has the images %q", left)
	}
}
