package scene

import (
	"fmt"
	"os"

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
	s.listeners = [2]int{local, port}
	for _, fd := range s.listeners {
		if err := unix.Listen(fd, 8); err != nil {
			return err
		}
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
	if n, _, _ := unix.Recvfrom(s.receiver, make([]byte, 8), 0); n > 0 {
		return "a datagram has come"
	}
	for _, fd := range s.listeners {
		if c, _, err := unix.Accept(fd); err == nil {
			unix.Close(c)
			return "a socket has been connected to"
		}
	}
	return ""
}
