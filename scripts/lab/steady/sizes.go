package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// sizes runs a chain over a large log, stage by stage, and each stage again with the
// garbage collector at work all the time.
func (s *suite) sizes(megabytes int) (string, error) {
	log := filepath.Join(s.dir, "log")
	if err := makeLog(log, megabytes); err != nil {
		return "", err
	}
	n := 0
	for _, stage := range []struct {
		p    program
		args []string
		in   string // of the file that is standard input
		out  string // what is kept of the output, for the stages behind it
	}{
		{programs[0], []string{log}, "end", ""},
		{programs[1], []string{"-R"}, "log", "events"},
		{programs[2], programs[2].args, "events", "rules"},
		{programs[3], programs[3].args, "events", ""},
		{programs[4], programs[4].args, "rules", ""},
	} {
		p := stage.p
		p.args = stage.args
		plain, took, err := s.sum(p, "", stage.in, stage.out)
		if err != nil {
			return "", err
		}
		var times []string
		for _, processors := range []string{"1", "2", "16"} {
			n++
			sum, took, err := s.sum(p, " gc "+processors, stage.in, "")
			switch {
			case err != nil:
				s.fail("%s on %s processors: %v", p.name, processors, err)
			case sum != plain:
				s.fail("%s on %s processors: other bytes", p.name, processors)
			}
			times = append(times, took.Round(10*time.Millisecond).String())
		}
		fmt.Printf("  %s: %d MB in %v; with the collector always at work, on 1, 2, 16 processors: %s\n",
			p.name, s.megabytes(stage.in, stage.args), took.Round(10*time.Millisecond), strings.Join(times, ", "))
	}
	return fmt.Sprintf("%d runs over %d MB of log: the same bytes", n, megabytes), nil
}

// makeLog has one line in ten a denial.
func makeLog(path string, megabytes int) error {
	const perLine = 112 // bytes, about
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	c := exec.Command("go", "run", "./scripts/lab/genlog", "-form", "syslog", "-lines", fmt.Sprint(megabytes*1_000_000/perLine), "-events", "10")
	var message bytes.Buffer
	c.Stdout, c.Stderr = f, &message
	if err := c.Run(); err != nil {
		return fmt.Errorf("genlog: %w\n%s", err, &message)
	}
	return f.Close()
}

func (s *suite) megabytes(in string, args []string) int64 {
	path := filepath.Join(s.dir, in)
	if len(args) == 1 && filepath.IsAbs(args[0]) {
		path = args[0]
	}
	st, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return st.Size() / 1_000_000
}

// sum returns a sum over the output of a program as root or whoever this is. Its
// status may be 1: some lines of the log are not well formed.
func (s *suite) sum(p program, then, in, keep string) (string, time.Duration, error) {
	f, err := os.Open(filepath.Join(s.dir, in))
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	hash := sha256.New()
	out := io.Writer(hash)
	if keep != "" {
		k, err := os.Create(filepath.Join(s.dir, keep))
		if err != nil {
			return "", 0, err
		}
		defer k.Close()
		out = io.MultiWriter(hash, k)
	}
	c := s.command(users()[0], p, then)
	c.Stdin, c.Stdout = f, out
	var message bytes.Buffer
	c.Stderr = &message
	begin := time.Now()
	st := status(c.Run())
	if st != 0 && st != 1 {
		return "", 0, fmt.Errorf("%s: status %d: %.300s", p.name, st, &message)
	}
	return fmt.Sprintf("%x", hash.Sum(nil)), time.Since(begin), nil
}
