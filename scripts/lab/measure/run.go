package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// cost is what one run of a pipeline took.
type cost struct {
	wall time.Duration
	cpu  time.Duration // user and system, of all stages
	peak []int64       // KiB of resident memory, of each stage
}

// run runs the pipeline once and notes what it cost.
func (c *testCase) run() {
	if c.absent != "" {
		return
	}
	cost, err := c.measure()
	if err != nil {
		c.failed = err
	}
	c.costs = append(c.costs, cost)
}

func (c *testCase) measure() (total cost, err error) {
	end, output, err := os.Pipe()
	if err != nil {
		return total, err
	}
	forgotten := make(chan error)
	go func() { forgotten <- forget(end) }()
	stages, start, err := c.start(output)
	output.Close()
	var wrong []error
	for i, s := range stages {
		if e := s.Wait(); e != nil {
			said := strings.TrimSpace(fmt.Sprint(s.Stderr))
			wrong = append(wrong, fmt.Errorf("%s: %w: %.200s", c.stages[i][0], e, said))
		}
		total.cpu += s.ProcessState.UserTime() + s.ProcessState.SystemTime()
		if usage, ok := s.ProcessState.SysUsage().(*syscall.Rusage); ok {
			total.peak = append(total.peak, usage.Maxrss) // KiB: getrusage(2)
		}
	}
	total.wall = time.Since(start)
	return total, errors.Join(append(wrong, err, <-forgotten)...)
}

// forget moves what a pipe holds to /dev/null, without a copy: what is measured
// has the processors for itself. The programs do not write to /dev/null, because
// grep stops at the first match when it sees that.
func forget(end *os.File) error {
	defer end.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	for {
		switch n, err := unix.Splice(int(end.Fd()), nil, int(null.Fd()), nil, 1<<20, 0); {
		case err == unix.EINTR:
		case err != nil:
			return fmt.Errorf("splice: %w", err)
		case n == 0:
			return nil
		}
	}
}

// start starts the stages, each reading what the one before writes, the last one
// writing to output. On an error it returns those that were started, which then
// see the end of their input.
func (c *testCase) start(output *os.File) (stages []*exec.Cmd, start time.Time, err error) {
	var input *os.File // nil is /dev/null
	if c.input != "" {
		if input, err = os.Open(c.input); err != nil {
			return nil, time.Now(), err
		}
	}
	start = time.Now()
	for i, words := range c.stages {
		s := exec.Command(words[0], words[1:]...)
		s.Stderr = new(bytes.Buffer)
		if input != nil {
			s.Stdin = input
		}
		s.Stdout = output
		var next, between *os.File
		if i < len(c.stages)-1 {
			if next, between, err = os.Pipe(); err != nil {
				break
			}
			s.Stdout = between
		}
		err = s.Start()
		if between != nil {
			between.Close()
		}
		if input != nil {
			input.Close()
		}
		input = next
		if err != nil {
			break
		}
		stages = append(stages, s)
	}
	if input != nil {
		input.Close()
	}
	return stages, start, err
}
