// Command escape tries to get out of the sandbox.
//
//	escape [-v] [-root | -user] [-all] [-acts REGEXP] [PROGRAM...]
//
// Each program of sl, and the stage in testdata/filter, is built with code in place
// of its own that does what an attacker wants once the program is locked in. Under
// each user (as root: root and an ordinary user) it makes every act of
// scripts/lab/act in a process of its own. One line an act goes to
// standard output (with -v; else only the acts that were not stopped), and at the
// end
//
//	N acts, N stopped, 0 escaped
//
// A PROGRAM is the name of one of the suite's, or the folder of any program that
// calls sandbox.Lock and the arguments with which it does, in one word. The
// argument INSIDE stands for a folder that it may write to, FILE for a file.
//
//	escape -bare [-harm] [-acts REGEXP] [-module FILE]
//
// makes the acts outside of a sandbox, as root, and says which have their effect
// there. Those that do the machine harm are left out without -harm, which is for a
// virtual machine; there FILE may be a module to load.
//
//	escape -build DIR [PROGRAM...]
//	escape -dir DIR ... [NAME...]
//
// build the programs where there is Go, and attack them elsewhere.
//
// Exit status: 0 nothing escaped, 1 something did (with -bare: an act had no effect,
// without a reason that is known), 2 the suite could not run.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"

	"github.com/sl-suite/sl/scripts/lab/act"
)

func main() {
	beVictim()
	var o options
	flag.BoolVar(&o.verbose, "v", false, "a line for each act")
	flag.BoolVar(&o.onlyRoot, "root", false, "as root only")
	flag.BoolVar(&o.onlyUser, "user", false, "as an ordinary user only")
	flag.BoolVar(&o.all, "all", false, "with --sandbox=require-all")
	flag.StringVar(&o.acts, "acts", "", "only those whose names match")
	flag.BoolVar(&o.bare, "bare", false, "the acts outside of a sandbox")
	flag.BoolVar(&o.harm, "harm", false, "with -bare: those that do the machine harm, too")
	flag.StringVar(&o.module, "module", "", "with -bare and -harm: a kernel module to load")
	flag.StringVar(&o.build, "build", "", "build the programs into this folder, and no more")
	flag.StringVar(&o.dir, "dir", "", "take the programs that were built into this folder")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	escaped, err := o.run(flag.Args(), out)
	out.Flush()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "escape:", err)
		os.Exit(2)
	case escaped > 0:
		os.Exit(1)
	}
}

type options struct {
	verbose, onlyRoot, onlyUser, all, bare, harm bool
	acts, module, build, dir                     string
}

// run returns how many acts went otherwise than they should.
func (o options) run(words []string, out *bufio.Writer) (int, error) {
	pattern, err := regexp.Compile(o.acts)
	if err != nil {
		return 0, err
	}
	acts := slices.DeleteFunc(act.All(), func(a act.Act) bool { return !pattern.MatchString(a.Name) })
	if o.bare {
		if os.Geteuid() != 0 {
			return 0, errors.New("only root can have all the effects")
		}
		self, err := os.Executable()
		if err != nil {
			return 0, err
		}
		n, err := baseline{program: self, acts: acts, harm: o.harm, module: o.module, out: out}.run()
		return n.missing, err
	}
	if o.build != "" {
		chosen, err := choose(words)
		if err == nil {
			_, err = build(o.build, chosen)
		}
		return 0, err
	}
	dir, programs, err := o.programs(words)
	if err != nil {
		return 0, err
	}
	if o.dir == "" {
		defer os.RemoveAll(dir)
	}
	sum, err := suite{dir: dir, programs: programs, acts: acts, onlyRoot: o.onlyRoot, onlyUser: o.onlyUser, all: o.all, verbose: o.verbose, out: out}.run()
	return sum.escaped, err
}

// programs returns the built programs, and where they are.
func (o options) programs(words []string) (dir string, all []built, err error) {
	if o.dir != "" {
		all, err = readBuilt(o.dir, words)
		return o.dir, all, err
	}
	chosen, err := choose(words)
	if err != nil {
		return "", nil, err
	}
	if dir, err = openDir(); err != nil {
		return "", nil, err
	}
	if all, err = build(dir, chosen); err != nil {
		os.RemoveAll(dir)
	}
	return dir, all, err
}
