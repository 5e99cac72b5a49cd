package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/sl-suite/sl/scripts/lab/act"
	"github.com/sl-suite/sl/scripts/lab/scene"
)

// nobody is the ordinary user of the suite, where it runs as root.
var nobody = &syscall.Credential{Uid: 65534, Gid: 65534}

// A suite is what is to be run.
type suite struct {
	dir      string // of the programs; every user can reach it
	programs []built
	acts     []act.Act
	onlyRoot bool
	onlyUser bool
	all      bool // with --sandbox=require-all
	verbose  bool
	out      io.Writer
}

// A sum counts acts. Those that are allowed are none of the rest.
type sum struct{ stopped, escaped, allowed int }

func (s suite) run() (sum, error) {
	var total sum
	dir, err := openDir()
	if err != nil {
		return total, err
	}
	defer os.RemoveAll(dir)
	// Users do not meet, so they work side by side.
	users := s.users()
	reports := make([]report, len(users))
	var wait sync.WaitGroup
	for i, who := range users {
		wait.Go(func() { reports[i] = s.runAs(who, dir) })
	}
	wait.Wait()
	for i, r := range reports {
		s.out.Write(r.text)
		total.stopped += r.stopped
		total.escaped += r.escaped
		total.allowed += r.allowed
		if r.err != nil {
			return total, fmt.Errorf("as %s: %w", users[i].name, r.err)
		}
	}
	if total.allowed > 0 {
		fmt.Fprintf(s.out, "%d acts are allowed: to what runs the system's programs, and to ask how a companion ended\n", total.allowed)
	}
	fmt.Fprintf(s.out, "%d acts, %d stopped, %d escaped\n", total.stopped+total.escaped, total.stopped, total.escaped)
	return total, nil
}

// openDir makes a folder that every user can reach.
func openDir() (string, error) {
	dir, err := os.MkdirTemp("", "escape-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

type identity struct {
	name string
	user *syscall.Credential // nil: as this process
}

func (s suite) users() []identity {
	switch {
	case os.Geteuid() != 0:
		return []identity{{"user", nil}}
	case s.onlyUser:
		return []identity{{"user", nobody}}
	}
	both := []identity{{"root", nil}, {"user", nobody}}
	if s.onlyRoot {
		return both[:1]
	}
	return both
}

// A report is what one user's acts came to.
type report struct {
	sum
	text []byte
	err  error
}

// runAs makes all acts from inside all programs, under one user.
func (s suite) runAs(who identity, dir string) (r report) {
	if r.err = scene.Isolate(); r.err != nil {
		return r
	}
	sc, err := scene.New(filepath.Join(dir, who.name), who.user, "")
	if err != nil {
		r.err = err
		return r
	}
	defer sc.Close()
	for _, p := range s.programs {
		for _, a := range s.acts {
			if a.Folder && !p.writes() {
				continue
			}
			how, err := sc.Try(a, filepath.Join(s.dir, p.Path), p.command(a, &sc.Scene, s.all)...)
			if err != nil {
				r.err = fmt.Errorf("%s: %s: %w", p.title(), a.Name, err)
				return r
			}
			verdict := "stopped"
			switch {
			case !how.Effect:
				r.stopped++
			case p.allows(a.Name):
				verdict = "allowed"
				r.allowed++
			default:
				verdict = "ESCAPED"
				r.escaped++
			}
			if s.verbose || verdict == "ESCAPED" {
				r.text = fmt.Appendf(r.text, "%s %-4s %s: %s: %s\n", verdict, who.name, p.title(), a.Name, how.Text)
			}
		}
	}
	return r
}
