package broker

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// scene is a folder in which a run replaces a file, makes one, and keeps a
// backup and a state: every kind of step.
type scene struct{ folder string }

const (
	oldP     = "# mine\n"
	oldState = "old positions"
	newState = "new positions"
)

func newP() string { return oldP + part("a=r;") }
func newQ() string { return part("b=w;") }

func setUp(t *testing.T) scene {
	s := scene{t.TempDir()}
	write(t, s.folder, "p", oldP)
	write(t, s.folder, "state", oldState)
	return s
}

func (s scene) broker(t *testing.T) *bed {
	d := lay(t, s.folder, func(o *Options) {
		o.State = &State{Folder: o.Targets[0].Folder, Path: "state", Name: "state"}
		o.Backup = "~"
	})
	d.add("/p", "a=r;")
	d.add("/q", "b=w;")
	return d
}

func attempt(d *bed) error {
	changes, refused, err := d.Plan()
	if err != nil || len(refused) > 0 {
		return errors.Join(append(refused, err)...)
	}
	return d.Commit(changes, []byte(newState))
}

// whole wants each file old or new, the backup absent or old, and the state no
// newer than the targets.
func (s scene) whole(t *testing.T) (allNew bool) {
	t.Helper()
	p, q, state, backup := content(t, s.folder, "p"), content(t, s.folder, "q"), content(t, s.folder, "state"), content(t, s.folder, "p~")
	switch {
	case p != oldP && p != newP():
		t.Fatalf("half a file: p is %q", p)
	case q != "absent" && q != newQ():
		t.Fatalf("half a file: q is %q", q)
	case state != oldState && state != newState:
		t.Fatalf("half a file: state is %q", state)
	case backup != "absent" && backup != oldP:
		t.Fatalf("half a file: backup is %q", backup)
	}
	allNew = p == newP() && q == newQ()
	if state == newState && !allNew {
		t.Fatal("the state is newer than the rules")
	}
	if p == newP() && backup == "absent" {
		t.Fatal("replaced before there was a backup")
	}
	return allNew && state == newState
}

// calls is how many system calls an undisturbed run makes.
func calls(t *testing.T) int {
	d := setUp(t).broker(t)
	base := d.sys.calls
	if err := attempt(d); err != nil {
		t.Fatal(err)
	}
	return d.sys.calls - base
}

// from makes an error of the calls of a run from the given one on.
func (d *bed) from(step int, fail func(call string, step int) error) {
	base := d.sys.calls
	d.sys.before = func(call string, number int) error {
		if number < base+step {
			return nil
		}
		return fail(call, number-base)
	}
}

var errKilled = errors.New("killed")

// The process dies at each of its system calls in turn, in the middle of a
// write for those, and makes no call after that: the files are whole, and the
// next run completes the work and leaves nothing behind.
func TestKilledAtEveryStep(t *testing.T) {
	total := calls(t)
	for step := 1; step <= total; step++ {
		s := setUp(t)
		d := s.broker(t)
		d.from(step, func(string, int) error { return errKilled })
		err := attempt(d)
		d.die()
		if done := s.whole(t); err == nil && !done {
			t.Errorf("killed at %d, and nobody noticed", step)
		}
		again := s.broker(t)
		if err := attempt(again); err != nil {
			t.Fatalf("killed at %d, the next run: %v", step, err)
		}
		again.die()
		if !s.whole(t) {
			t.Errorf("killed at %d, and the next run has not completed the work", step)
		}
		s.clean(t)
	}
}

// clean wants no temporary file.
func (s scene) clean(t *testing.T) {
	t.Helper()
	for _, name := range names(t, s.folder) {
		if strings.HasSuffix(name, tempSuffix) {
			t.Errorf("left behind %s", name)
		}
	}
}

// Each system call fails once: the run says so, the files are whole, and no
// temporary file is left.
func TestFailureAtEveryStep(t *testing.T) {
	total := calls(t)
	for _, errno := range []unix.Errno{unix.ENOSPC, unix.EIO} {
		for step := 1; step <= total; step++ {
			s := setUp(t)
			d := s.broker(t)
			failed := ""
			d.from(step, func(call string, at int) error {
				if at > step {
					return nil
				}
				failed = call
				return errno
			})
			err := attempt(d)
			// The close of a file that was only read loses nothing.
			if done := s.whole(t); !errors.Is(err, errno) && !(done && failed == "close") {
				t.Errorf("%s at %d (%s): error %v, done %v", errno, step, failed, err, done)
			}
			s.clean(t)
			d.die()
		}
	}
}

// A disk that is full stays full.
func TestDiskIsFull(t *testing.T) {
	total := calls(t)
	for step := 1; step <= total; step++ {
		s := setUp(t)
		d := s.broker(t)
		full := false
		d.from(step, func(call string, _ int) error {
			if call != "create" && call != "write" && call != "fsync" {
				return nil
			}
			full = true
			return unix.ENOSPC
		})
		err := attempt(d)
		s.whole(t)
		if full != errors.Is(err, unix.ENOSPC) {
			t.Errorf("full from %d: %v", step, err)
		}
		s.clean(t)
		d.die()
	}
}
