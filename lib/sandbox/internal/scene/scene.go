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

	"github.com/sl-suite/sl/lib/sandbox/internal/act"
)

// A Scene is one such place, for one user.
type Scene struct {
	act.Scene
	Flags  uintptr // namespaces (CLONE_NEWNS, ...) that a command gets for itself
	dir    string
	user   *syscall.Credential // nil: the user of this process
	victim *exec.Cmd
	pair   [2]int
	left   []*os.File
	close  []io.Closer
	before unix.Stat_t // of the secret
}

// The descriptors that a program finds open although nobody meant it to.
const firstLeft = 20

// New makes a scene below dir, which must be one that every user can reach. With
// a user, programs run as that one, and the files are theirs.
func New(dir string, user *syscall.Credential) (*Scene, error) {
	s := &Scene{dir: dir, user: user}
	s.Secret, s.Outside, s.Inside = filepath.Join(dir, "secret"), filepath.Join(dir, "outside"), filepath.Join(dir, "inside")
	s.LeftFile, s.LeftDir, s.LeftPair, s.Folder = firstLeft, firstLeft+1, firstLeft+2, -1
	for _, step := range []func() error{s.makeFiles, s.leave, s.startVictim, s.listen} {
		if err := step(); err != nil {
			s.Close()
			return nil, fmt.Errorf("scene: %w", err)
		}
	}
	return s, unix.Stat(s.Secret, &s.before)
}

// leave opens what a careless parent leaves open.
func (s *Scene) leave() error {
	file, err := os.Open(s.Secret)
	if err != nil {
		return err
	}
	dir, err := os.Open(s.dir)
	if err != nil {
		return err
	}
	if s.pair, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0); err != nil {
		return err
	}
	pair := os.NewFile(uintptr(s.pair[1]), "pair")
	s.left = []*os.File{file, dir, pair}
	s.close = append(s.close, file, dir, pair, os.NewFile(uintptr(s.pair[0]), "pair"))
	return nil
}

func (s *Scene) startVictim() error {
	c := exec.Command("sleep", "1200")
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.user}
	if err := c.Start(); err != nil {
		return err
	}
	s.victim, s.Victim = c, c.Process.Pid
	return nil
}

func (s *Scene) stopVictim() {
	s.victim.Process.Kill()
	s.victim.Wait()
}

// listen makes the sockets by hand: package net brings cgo into the program, and
// what is confined must be static.
func (s *Scene) listen() error {
	s.Abstract = fmt.Sprintf("escape-%d-%d", os.Getpid(), s.Victim)
	if _, err := s.listenOn(unix.AF_UNIX, &unix.SockaddrUnix{Name: "@" + s.Abstract}); err != nil {
		return err
	}
	port, err := s.listenOn(unix.AF_INET, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	if err != nil {
		return err
	}
	address, err := unix.Getsockname(port)
	if err != nil {
		return err
	}
	s.Port = address.(*unix.SockaddrInet4).Port
	return nil
}

func (s *Scene) listenOn(family int, address unix.Sockaddr) (int, error) {
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	s.close = append(s.close, os.NewFile(uintptr(fd), "listener"))
	if err := unix.Bind(fd, address); err != nil {
		return -1, err
	}
	return fd, unix.Listen(fd, 8)
}

// Command is a program of the scene: with its user, and with what was left open.
func (s *Scene) Command(program string, args ...string) *exec.Cmd {
	c := exec.Command(program, args...)
	c.Env = []string{"PATH=/usr/bin:/bin", "LEFT=in the environment"}
	c.ExtraFiles = append(make([]*os.File, firstLeft-3), s.left...)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.user, Unshareflags: s.Flags}
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
