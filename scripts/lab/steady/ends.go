package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// faults brings every program, under every user, to each of the ends that a Go
// program has.
func (s *suite) faults() (string, error) {
	n := 0
	for _, u := range users() {
		for _, p := range programs {
			for _, f := range []struct{ name, message string }{
				{"panic", "panic: on purpose"},
				{"nil", "nil pointer dereference"},
				{"throw", "fatal error: sync: unlock of unlocked mutex"},
				{"overflow", "stack overflow"},
				// Where it is the collector that gets none, Go 1.26 may stumble over it.
				{"memory", "out of memory|runtime/mgc"},
				{"deadlock", "all goroutines are asleep"},
			} {
				n++
				r := finish(s.command(u, p, " fault "+f.name))
				if r.status != 2 || !regexp.MustCompile(f.message).Match(r.message.Bytes()) {
					s.fail("%s: %s as %s: %v; want status 2", f.name, p.name, u.name, r)
				}
			}
		}
	}
	return fmt.Sprintf("%d panics, fatal errors, overflows, bounds of memory: status 2", n), nil
}

const lastSignal = 64

// want is what a signal makes of a program that reads, as the shell says it; 0 where
// it goes on. The Go runtime keeps three for itself.
func want(sig unix.Signal) int {
	switch sig {
	case unix.SIGCHLD, unix.SIGCONT, unix.SIGURG, unix.SIGWINCH, unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
		return 0
	case unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE:
		return 2
	}
	return 128 + int(sig)
}

// signals sends every signal to every program, or with few to one and the most usual
// to the others. An ordinary user's in namespaces are two processes, and either may
// get it.
func (s *suite) signals(few bool) (string, error) {
	n := 0
	for _, u := range users() {
		for i, p := range programs {
			for sig := unix.Signal(1); sig <= lastSignal; sig++ {
				if few && i != 1 && sig != unix.SIGTERM && sig != unix.SIGPIPE && sig != unix.SIGSEGV {
					continue
				}
				for to := range processesOf(u) {
					n++
					if err := s.signal(u, p, sig, to); err != nil {
						s.fail("signal %d to process %d: %s as %s: %v", int(sig), to, p.name, u.name, err)
					}
				}
			}
		}
	}
	return fmt.Sprintf("%d signals, 1 to %d: the documented status", n, lastSignal), nil
}

func processesOf(u user) int {
	if u.namespaces {
		return 2
	}
	return 1
}

// signal sends one to a program that waits for input, to the process that was
// started or to its child.
func (s *suite) signal(u user, p program, sig unix.Signal, to int) error {
	c := s.command(u, p, "")
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	defer in.Close()
	if err := c.Start(); err != nil {
		return err
	}
	alarm := time.AfterFunc(patience, func() { c.Process.Kill() })
	defer alarm.Stop()
	pids := []int{c.Process.Pid}
	if err := untilFiltered(c.Process.Pid); err == nil && u.namespaces {
		var child int
		if child, err = childOf(c.Process.Pid); err == nil {
			pids = append(pids, child)
			err = untilFiltered(child)
		}
		if err != nil {
			c.Process.Kill()
			c.Wait()
			return err
		}
	}
	unix.Kill(pids[to], sig)
	expected := want(sig)
	if expected == 0 {
		unix.Kill(pids[to], unix.SIGCONT)
		unix.Kill(pids[to], unix.SIGTERM)
		expected = 128 + int(unix.SIGTERM)
	}
	if got := status(c.Wait()); got != expected {
		return fmt.Errorf("status %d, want %d", got, expected)
	}
	for _, pid := range pids { // nobody lives on
		for range 1000 {
			if _, err := os.Stat(fmt.Sprintf("/proc/%d/exe", pid)); os.IsNotExist(err) {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && strings.HasPrefix(string(b), p.name) {
			return fmt.Errorf("process %d lives on", pid)
		}
	}
	return nil
}

// untilFiltered waits until a process has its system call policy.
func untilFiltered(pid int) error {
	for range 20000 {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return err
		}
		if strings.Contains(string(b), "\nSeccomp:\t2\n") {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("process %d gets no filter", pid)
}

// childOf returns the only child of a process.
func childOf(pid int) (int, error) {
	names, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err == nil && strings.Contains(string(b), fmt.Sprintf("\nPPid:\t%d\n", pid)) {
			return strconv.Atoi(strings.Split(name, "/")[2])
		}
	}
	return 0, fmt.Errorf("process %d has no child", pid)
}
