package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	atATime  = 2
	burnWord = "burn"
)

// start starts the programs in turn, under every user, while others want the
// processors, too.
func (s *suite) start(n int) (string, error) {
	stop, err := makeLoad()
	if err != nil {
		return "", err
	}
	defer stop()
	users := users()
	var next, kills atomic.Int64
	var wait sync.WaitGroup
	for range atATime {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				p, u := programs[i%len(programs)], users[i/len(programs)%len(users)]
				r := s.once(u, p)
				if r == nil {
					continue
				}
				if r.status == 128+31 { // SIGSYS
					kills.Add(1)
				}
				s.fail("start %d: %s as %s: %v", i, p.name, u.name, r)
			}
		})
	}
	wait.Wait()
	return fmt.Sprintf("%d starts of %d programs, %d at a time, as %d users, under a load of %d processes, %d wrong kills",
		n, len(programs), atATime, len(users), burners(), kills.Load()), nil
}

// once returns how a program ended where that was not well.
func (s *suite) once(u user, p program) *result {
	in, err := os.Open(filepath.Join(s.dir, p.in))
	if err != nil {
		panic(err)
	}
	defer in.Close()
	c := s.command(u, p, "")
	c.Stdin = in
	r := finish(c)
	if r.status != 0 || p.name != "sl-write" && !bytes.Contains(r.out.Bytes(), []byte(`"type":"end"`)) || r.message.Len() > 0 {
		return r
	}
	return nil
}

func burners() int { return 2 * runtime.NumCPU() }

// makeLoad starts processes that do nothing but compute.
func makeLoad() (stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var all []*exec.Cmd
	stop = func() {
		for _, c := range all {
			c.Process.Kill()
			c.Wait()
		}
	}
	for range burners() {
		c := exec.Command(self, burnWord)
		if err := c.Start(); err != nil {
			stop()
			return nil, err
		}
		all = append(all, c)
	}
	return stop, nil
}

func burn() {
	runtime.GOMAXPROCS(1)
	for n := uint64(1); n != 0; n = n*6364136223846793005 + 1 {
	}
}
