// Command escape tries to get out of the sandbox.
//
//	escape [-v] [-user] [PROGRAM...]
//
// For each program of sl, under each user (as root: root and an ordinary user),
// it makes every act of lib/sandbox/internal/act in a process of its own, which
// is confined by that program's policy. One line an act goes to standard output
// (with -v; else only the acts that were not stopped), and at the end
//
//	N acts, N stopped, 0 escaped
//
// Exit status: 0 nothing escaped, 1 something did, 2 the suite could not run.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	if isVictim(os.Args) {
		runtime.LockOSThread() // to the first thread: an act that is traced can then be waited for
		os.Exit(victim(os.Args))
	}
	verbose := flag.Bool("v", false, "a line for each act")
	onlyUser := flag.Bool("user", false, "as an ordinary user only")
	flag.Parse()
	programs, err := choose(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "escape:", err)
		os.Exit(2)
	}
	out := bufio.NewWriter(os.Stdout)
	sum, err := suite{programs: programs, onlyUser: *onlyUser, verbose: *verbose, out: out}.run()
	out.Flush()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "escape:", err)
		os.Exit(2)
	case sum.escaped > 0:
		os.Exit(1)
	}
}
