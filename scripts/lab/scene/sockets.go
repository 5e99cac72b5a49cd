package scene

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// listen makes the sockets by hand: package net brings cgo into the program, and
// what is confined must be static.
func (s *Scene) listen() error {
	s.Abstract = fmt.Sprintf("escape-%d-%d", os.Getpid(), s.Victim)
	s.Queue = s.Abstract
	local, err := s.socket(unix.AF_UNIX, unix.SOCK_STREAM, &unix.SockaddrUnix{Name: "@" + s.Abstract})
	if err != nil {
		return err
	}
	// The receiver's port is any, the listener's the same.
	loopback := unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if s.receiver, err = s.socket(unix.AF_INET, unix.SOCK_DGRAM, &loopback); err != nil {
		return err
	}
	address, err := unix.Getsockname(s.receiver)
	if err != nil {
		return err
	}
	s.Port = address.(*unix.SockaddrInet4).Port
	loopback.Port = s.Port
	port, err := s.socket(unix.AF_INET, unix.SOCK_STREAM, &loopback)
	if err != nil {
		return err
	}
	s.listeners, s.receivers = []int{local, port}, []int{s.receiver}
	if err := s.listenByPath(); err != nil {
		return err
	}
	for _, fd := range s.listeners {
		if err := unix.Listen(fd, 8); err != nil {
			return err
		}
	}
	return nil
}

// listenByPath makes the sockets that no namespace of the network's hides. The files stay;
// repair leaves them alone.
func (s *Scene) listenByPath() error {
	for _, l := range []struct {
		path *string
		kind int
		into *[]int
	}{{&s.Stream, unix.SOCK_STREAM, &s.listeners}, {&s.Packets, unix.SOCK_SEQPACKET, &s.listeners}, {&s.Datagrams, unix.SOCK_DGRAM, &s.receivers}} {
		*l.path = filepath.Join(s.dir, fmt.Sprintf("socket%d", l.kind))
		fd, err := s.socket(unix.AF_UNIX, l.kind, &unix.SockaddrUnix{Name: *l.path})
		if err == nil {
			err = os.Chmod(*l.path, 0o777)
		}
		if err != nil {
			return err
		}
		*l.into = append(*l.into, fd)
	}
	return nil
}

func (s *Scene) socket(family, kind int, address unix.Sockaddr) (int, error) {
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	s.close = append(s.close, os.NewFile(uintptr(fd), "socket"))
	return fd, unix.Bind(fd, address)
}

// arrived says what has come to the sockets, and takes it away.
func (s *Scene) arrived() string {
	if n, _ := unix.Read(s.pair[0], make([]byte, 8)); n > 0 {
		return "the socket that was left open has been used"
	}
	for _, fd := range s.receivers {
		if n, _, _ := unix.Recvfrom(fd, make([]byte, 8), 0); n > 0 {
			return "a datagram has come"
		}
	}
	for _, fd := range s.listeners {
		if c, _, err := unix.Accept(fd); err == nil {
			unix.Close(c)
			return "a socket has been connected to"
		}
	}
	return ""
}
