// Package scene is the place where a confined program is watched while it tries
// what it must not do: files, a process, sockets and descriptors to reach for,
// and the look afterwards whether anything has changed.
package scene

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// A Scene is one such place, for one user.
type Scene struct {
	act.Scene
	OneOutput bool // standard error is what standard output is
	dir       string
	user      *syscall.Credential // nil: the user of this process
	victim    *exec.Cmd
	pair      [2]int
	listeners []int // stream sockets: local, TCP; and by their paths
	receiver  int   // a datagram socket of the network's
	receivers []int // that, and one by its path
	left      []*os.File
	close     []io.Closer
	before    facts
	started   int64 // when the machine did, by its clock, in seconds
}

// The descriptors that a program finds open although nobody meant it to.
const firstLeft = 20

// New makes a scene below dir, which must be one that every user can reach. With
// a user, programs run as that one, and the files are theirs. module is the file
// of a module of the kernel's that an act may try to load, or empty.
func New(dir string, user *syscall.Credential, module string) (*Scene, error) {
	s := &Scene{dir: dir, user: user}
	s.Secret, s.Outside, s.Inside = filepath.Join(dir, "secret"), filepath.Join(dir, "outside"), filepath.Join(dir, "inside")
	s.LeftFile, s.LeftDir, s.LeftPair, s.LeftModule, s.Folder = firstLeft, firstLeft+1, firstLeft+2, firstLeft+3, -1
	for _, step := range []func() error{s.makeFiles, func() error { return s.leave(module) }, s.startVictim, s.listen} {
		if err := step(); err != nil {
			s.Close()
			return nil, fmt.Errorf("scene: %w", err)
		}
	}
	s.before = s.look()
	return s, nil
}

// leave opens what a careless parent leaves open.
func (s *Scene) leave(module string) error {
	if module == "" {
		module = s.Secret
	} else {
		s.Module = moduleName(module)
	}
	for _, path := range []string{s.Secret, s.dir, "", module} {
		if path == "" {
			var err error
			if s.pair, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0); err != nil {
				return err
			}
			s.leaveFile(os.NewFile(uintptr(s.pair[1]), "pair"))
			s.close = append(s.close, os.NewFile(uintptr(s.pair[0]), "pair"))
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		s.leaveFile(f)
	}
	return nil
}

func (s *Scene) leaveFile(f *os.File) {
	s.left = append(s.left, f)
	s.close = append(s.close, f)
}

// Command is a program of the scene: with its user, and with what was left open.
func (s *Scene) Command(program string, args ...string) *exec.Cmd {
	c := exec.Command(program, args...)
	c.Env = []string{"PATH=/usr/bin:/bin", "LEFT=in the environment"}
	c.ExtraFiles = append(make([]*os.File, firstLeft-3), s.left...)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.user}
	return c
}

// Close ends the victim and closes what is open. The files are the caller's.
func (s *Scene) Close() {
	if s.victim != nil {
		s.stopVictim()
	}
	for _, c := range s.close {
		c.Close()
	}
}
