package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/sl-suite/sl/lib/sandbox/internal/act"
	"github.com/sl-suite/sl/lib/sandbox/internal/scene"
)

// nobody is the ordinary user of the suite, where it runs as root.
var nobody = &syscall.Credential{Uid: 65534, Gid: 65534}

// A suite is what is to be run.
type suite struct {
	programs []program
	onlyUser bool
	verbose  bool
	out      io.Writer
}

// A sum counts acts.
type sum struct{ acts, stopped, escaped int }

func (s suite) run() (sum, error) {
	var total sum
	dir, err := os.MkdirTemp("", "escape-")
	if err != nil {
		return total, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return total, err
	}
	self, err := os.Executable()
	if err != nil {
		return total, err
	}
	for _, p := range s.programs {
		if err := scene.CopyProgram(self, filepath.Join(dir, p.name)); err != nil {
			return total, err
		}
	}
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
		total.acts += r.acts
		total.escaped += r.escaped
		if r.err != nil {
			return total, fmt.Errorf("as %s: %w", users[i].name, r.err)
		}
	}
	total.stopped = total.acts - total.escaped
	fmt.Fprintf(s.out, "%d acts, %d stopped, %d escaped\n", total.acts, total.stopped, total.escaped)
	return total, nil
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
	return []identity{{"root", nil}, {"user", nobody}}
}

// A report is what one user's acts came to.
type report struct {
	sum
	text []byte
	err  error
}

// runAs makes all acts from inside all programs, under one user.
func (s suite) runAs(who identity, dir string) (r report) {
	sc, err := scene.New(filepath.Join(dir, who.name), who.user)
	if err != nil {
		r.err = err
		return r
	}
	defer sc.Close()
	for _, p := range s.programs {
		for _, a := range act.All() {
			if a.Folder && p.calls != "write" {
				continue
			}
			how, err := sc.Try(a, filepath.Join(dir, p.name), victimWord, p.calls, a.Name, sc.Text())
			if err != nil {
				r.err = fmt.Errorf("%s: %s: %w", p.name, a.Name, err)
				return r
			}
			verdict := "stopped"
			r.acts++
			if how.Effect {
				verdict = "ESCAPED"
				r.escaped++
			}
			if s.verbose || how.Effect {
				r.text = fmt.Appendf(r.text, "%s %-4s %s %s: %s\n", verdict, who.name, p.name, a.Name, how.Text)
			}
		}
	}
	return r
}
