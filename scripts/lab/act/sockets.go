package act

import (
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

func sockets() []Act {
	acts := []Act{
		{Name: "connect to a local port", Seen: true, Do: func(s *Scene) error {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
			if err != nil {
				return err
			}
			return unix.Connect(fd, &unix.SockaddrInet4{Port: s.Port, Addr: [4]byte{127, 0, 0, 1}})
		}},
		{Name: "connect to an abstract socket", Seen: true, Do: func(s *Scene) error {
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
			if err != nil {
				return err
			}
			return unix.Connect(fd, &unix.SockaddrUnix{Name: "@" + s.Abstract})
		}},
		{Name: "send a datagram", Seen: true, Do: func(s *Scene) error {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
			if err != nil {
				return err
			}
			return unix.Sendto(fd, []byte("escaped"), 0, &unix.SockaddrInet4{Port: s.Port, Addr: [4]byte{127, 0, 0, 1}})
		}},
		{Name: "listen on a port", Do: func(*Scene) error {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
			if err != nil {
				return err
			}
			if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
				return err
			}
			return unix.Listen(fd, 1)
		}},
		{Name: "make a socket pair", Do: func(*Scene) error {
			var fds [2]int32
			err := call(unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_STREAM, 0, unsafe.Pointer(&fds))
			return holds(int(fds[0]), err)
		}},
		{Name: "accept on standard input", Do: func(*Scene) error {
			_, _, err := unix.Accept4(0, unix.SOCK_NONBLOCK)
			return reached(err)
		}},
	}
	return slices.Concat(acts, socketsOfFamilies(), socketsByPath())
}

func socketsOfFamilies() (acts []Act) {
	for _, f := range []struct {
		name                  string
		family, kind, protcol int
	}{
		{"local", unix.AF_UNIX, unix.SOCK_STREAM, 0},
		{"IPv4 stream", unix.AF_INET, unix.SOCK_STREAM, 0},
		{"IPv4 datagram", unix.AF_INET, unix.SOCK_DGRAM, 0},
		{"IPv4 raw", unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP},
		{"ping", unix.AF_INET, unix.SOCK_DGRAM, unix.IPPROTO_ICMP},
		{"MPTCP", unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_MPTCP},
		{"SCTP", unix.AF_INET, unix.SOCK_SEQPACKET, unix.IPPROTO_SCTP},
		{"IPv6 stream", unix.AF_INET6, unix.SOCK_STREAM, 0},
		{"packet", unix.AF_PACKET, unix.SOCK_RAW, 0},
		{"route", unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE},
		{"audit", unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_AUDIT},
		{"netfilter", unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_NETFILTER},
		{"uevent", unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_KOBJECT_UEVENT},
		{"vsock", unix.AF_VSOCK, unix.SOCK_STREAM, 0},
		{"kernel crypto", unix.AF_ALG, unix.SOCK_SEQPACKET, 0},
		{"key management", unix.AF_KEY, unix.SOCK_RAW, 2},
		{"express data path", unix.AF_XDP, unix.SOCK_RAW, 0},
		{"bluetooth", unix.AF_BLUETOOTH, unix.SOCK_RAW, 1},
		{"CAN", unix.AF_CAN, unix.SOCK_RAW, 1},
		{"TIPC", unix.AF_TIPC, unix.SOCK_RDM, 0},
		{"SMC", unix.AF_SMC, unix.SOCK_STREAM, 0},
		{"RDS", unix.AF_RDS, unix.SOCK_SEQPACKET, 0},
		{"KCM", unix.AF_KCM, unix.SOCK_DGRAM, 0},
	} {
		acts = append(acts, Act{Name: "make a socket: " + f.name, Do: func(*Scene) error {
			return holds(unix.Socket(f.family, f.kind, f.protcol))
		}})
	}
	return acts
}

// socketsByPath reach for what no namespace of the network's hides: a session bus, an
// agent, the manager of services.
func socketsByPath() []Act {
	return []Act{
		connects("connect to a socket by its path", unix.SOCK_STREAM, func(s *Scene) string { return s.Stream }),
		connects("connect to a socket for packets by its path", unix.SOCK_SEQPACKET, func(s *Scene) string { return s.Packets }),
		connects("connect to a socket for datagrams by its path", unix.SOCK_DGRAM, func(s *Scene) string { return s.Datagrams }),
		{Name: "send a datagram to a path", Seen: true, Do: func(s *Scene) error {
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
			if err != nil {
				return err
			}
			return unix.Sendto(fd, []byte("escaped"), 0, &unix.SockaddrUnix{Name: s.Datagrams})
		}},
		{Name: "send a datagram to a path from a pair", Seen: true, Do: func(s *Scene) error {
			fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
			if err != nil {
				return err
			}
			return unix.Sendto(fds[0], []byte("escaped"), 0, &unix.SockaddrUnix{Name: s.Datagrams})
		}},
		{Name: "send a datagram to a path from a raw pair", Seen: true, Do: func(s *Scene) error {
			fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_RAW, 0)
			if err != nil {
				return err
			}
			return unix.Sendto(fds[0], []byte("escaped"), 0, &unix.SockaddrUnix{Name: s.Datagrams})
		}},
		{Name: "connect one of a pair to a path", Seen: true, Do: func(s *Scene) error {
			fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
			if err != nil {
				return err
			}
			if err := unix.Connect(fds[0], &unix.SockaddrUnix{Name: s.Datagrams}); err != nil {
				return err
			}
			_, err = unix.Write(fds[0], []byte("escaped"))
			return err
		}},
		{Name: "make a socket with a path", Seen: true, Do: func(s *Scene) error {
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
			if err != nil {
				return err
			}
			return unix.Bind(fd, &unix.SockaddrUnix{Name: s.Outside + "/made"})
		}},
	}
}

func connects(name string, kind int, path func(*Scene) string) Act {
	return Act{Name: name, Seen: true, Do: func(s *Scene) error {
		fd, err := unix.Socket(unix.AF_UNIX, kind, 0)
		if err != nil {
			return err
		}
		if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path(s)}); err != nil {
			return err
		}
		_, err = unix.Write(fd, []byte("escaped"))
		return err
	}}
}
