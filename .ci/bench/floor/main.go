// Command floor does nothing with the libraries that den is built on: the
// least that a program which links them takes to start, parse its command line
// and end. What den takes beyond that is den's own.
package main

import (
	"fmt"
	"os"

	"github.com/posener/complete"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func main() {
	settings := viper.New()
	settings.SetDefault("answer", "floor")
	command := &cobra.Command{
		Use: "floor",
		Run: func(*cobra.Command, []string) { fmt.Println(settings.GetString("answer")) },
	}
	if complete.New("floor", complete.Command{}).Complete() {
		return
	}
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}
