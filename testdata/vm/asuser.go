// Asuser runs a program as an ordinary user.
package main

import (
	"fmt"
	"os"
	"syscall"
)

func main() {
	const nobody = 65534
	err := syscall.Setgroups(nil)
	if err == nil {
		err = syscall.Setgid(nobody)
	}
	if err == nil {
		err = syscall.Setuid(nobody)
	}
	if err == nil {
		err = syscall.Exec(os.Args[1], os.Args[1:], nil)
	}
	fmt.Fprintln(os.Stderr, "asuser:", err)
	os.Exit(126)
}
