package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"

	"github.com/sl-suite/sl/scripts/lab/taken"
)

// A suite is the programs, and what has failed.
type suite struct {
	dir   string
	bin   string // the programs as they are
	taken string // those with another Lock, see testdata

	mu     sync.Mutex
	failed int
}

// fail reports one failure; of many, the first.
func (s *suite) fail(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed++
	if s.failed <= 20 {
		fmt.Printf("FAILED "+format+"\n", args...)
	}
}

// A program is one of the five, with arguments that have it read standard input.
type program struct {
	name string
	args []string
	in   string // a short input: a line, or the end of a stream
}

var programs = []program{
	{"sl-read", nil, "line"},
	{"sl-parse", []string{"-R"}, "line"},
	{"sl-apparmor", []string{"--no-policy"}, "end"},
	{"sl-iptables", []string{"--allow"}, "end"},
	{"sl-write", []string{"-n", "--no-check", "--trust=none", "local", "rules.nft"}, "end"},
}

// A user is one way into the sandbox.
type user struct {
	name       string
	credential *syscall.Credential // nil: as this process
	namespaces bool                // those that an ordinary user has with --sandbox=require-all
}

func users() []user {
	if os.Geteuid() != 0 {
		return []user{{"user", nil, false}, {"user in namespaces", nil, true}}
	}
	nobody := &syscall.Credential{Uid: 65534, Gid: 65534}
	return []user{{"root", nil, false}, {"user", nobody, false}, {"user in namespaces", nobody, true}}
}

// build builds the programs twice.
func (s *suite) build() error {
	if err := os.Mkdir(s.taken, 0o755); err != nil {
		return err
	}
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", s.bin+"/", "./cmd/...")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	for _, p := range programs {
		folder := filepath.Join("cmd", p.name)
		replace, err := collectAlways(folder)
		if err != nil {
			return err
		}
		// Few kernels have AppArmor and all else that require-all demands.
		replace = append(replace, taken.Replacement{Package: "github.com/sl-suite/sl/lib/sandbox", File: "enter.go",
			Old: "return enter(p, h, all || os.Geteuid() == 0, all)", New: "return enter(p, h, all || os.Geteuid() == 0, false)"})
		t := taken.Build{Folder: folder, Output: filepath.Join(s.taken, p.name), Lock: "steady/testdata/taken.go", Replace: replace}
		if err := t.Do(); err != nil {
			return err
		}
	}
	return nil
}

var percent = regexp.MustCompile(`debug\.SetGCPercent\([0-9]+\)`)

// collectAlways keeps a program from telling the garbage collector to be lazy.
func collectAlways(folder string) (all []taken.Replacement, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if old := percent.Find(text); old != nil {
			all = append(all, taken.Replacement{Package: ".", File: filepath.Base(file), Old: string(old), New: "debug.SetGCPercent(1)"})
		}
	}
	return all, nil
}

const (
	line = "Nov 22 03:10:01 host kernel: [   12.345678] audit: type=1400 audit(1795317001.812:1208): apparmor=\"DENIED\" operation=\"open\"" +
		" profile=\"x\" name=\"/y\" pid=1 comm=\"z\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n"
	end = `{"v":1,"type":"end","stage":"x","in":0,"out":0,"skipped":0,"errors":0,"lost":0}` + "\n"
)

func (s *suite) makeInputs() error {
	for name, text := range map[string]string{"line": line, "end": end} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return os.Mkdir(filepath.Join(s.dir, "local"), 0o777)
}

// command is a program as a user calls it; then is what is said behind its name.
func (s *suite) command(u user, p program, then string) *exec.Cmd {
	c := &exec.Cmd{Path: filepath.Join(s.taken, p.name), Args: append([]string{p.name + then}, p.args...), Dir: s.dir}
	if then == "" && !u.namespaces {
		c.Path = filepath.Join(s.bin, p.name)
	}
	if u.namespaces {
		c.Args = append([]string{c.Args[0], "--sandbox=require-all"}, p.args...)
	}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: u.credential}
	return c
}

// A result is how a process ended: as a shell says it, and what it said.
type result struct {
	status       int
	out, message bytes.Buffer
}

func (r *result) String() string {
	return fmt.Sprintf("status %d, output %.200q, message %.300q", r.status, &r.out, &r.message)
}

// patience bounds a process that does not end.
const patience = 2 * time.Minute

// finish runs c to its end.
func finish(c *exec.Cmd) *result {
	r := &result{status: -1}
	if c.Stdout == nil {
		c.Stdout = &r.out
	}
	c.Stderr = &r.message
	if err := c.Start(); err != nil {
		r.message.WriteString(err.Error())
		return r
	}
	alarm := time.AfterFunc(patience, func() { c.Process.Kill() })
	defer alarm.Stop()
	r.status = status(c.Wait())
	return r
}

// status is what a shell makes of the answer of Wait; -1 where it is no end.
func status(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		return -1
	case exit.Sys().(syscall.WaitStatus).Signaled():
		return 128 + int(exit.Sys().(syscall.WaitStatus).Signal())
	}
	return exit.ExitCode()
}
