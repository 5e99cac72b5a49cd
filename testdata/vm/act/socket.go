package main

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// families and kinds are AppArmor's words for what socket(2) takes.
var families = map[string]int{
	"unix": unix.AF_UNIX, "inet": unix.AF_INET, "inet6": unix.AF_INET6, "netlink": unix.AF_NETLINK, "packet": unix.AF_PACKET,
	"alg": unix.AF_ALG, "vsock": unix.AF_VSOCK, "bluetooth": unix.AF_BLUETOOTH,
}

var kinds = map[string]int{
	"stream": unix.SOCK_STREAM, "dgram": unix.SOCK_DGRAM, "raw": unix.SOCK_RAW, "seqpacket": unix.SOCK_SEQPACKET, "rdm": unix.SOCK_RDM,
}

// protocols are needed where 0 is none.
var protocols = map[string]int{"inet raw": unix.IPPROTO_ICMP, "inet6 raw": unix.IPPROTO_ICMPV6}

func openSocket(family, kind string) (int, error) {
	f, knownFamily := families[family]
	k, knownKind := kinds[kind]
	if !knownFamily || !knownKind {
		return -1, fmt.Errorf("no such socket: %s %s", family, kind)
	}
	return unix.Socket(f, k|unix.SOCK_CLOEXEC, protocols[family+" "+kind])
}

func makeSocket(a []string) error {
	fd, err := openSocket(a[0], a[1])
	if err == nil {
		unix.Close(fd)
	}
	return err
}

func address(text string) (unix.Sockaddr, string, error) {
	a, err := netip.ParseAddrPort(text)
	if err != nil {
		return nil, "", err
	}
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}, "inet", nil
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}, "inet6", nil
}

// connectTCP connects; that nobody listens is no denial.
func connectTCP(a []string) error {
	to, family, err := address(a[0])
	if err != nil {
		return err
	}
	fd, err := openSocket(family, "stream")
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err = unix.Connect(fd, to); err == unix.ECONNREFUSED {
		return nil
	}
	return err
}

func sendUDP(a []string) error {
	to, family, err := address(a[0])
	if err != nil {
		return err
	}
	fd, err := openSocket(family, "dgram")
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Sendto(fd, []byte("x"), 0, to)
}

func socketPair(a []string) error {
	fds, err := unix.Socketpair(unix.AF_UNIX, kinds[a[0]]|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fds[0])
	defer unix.Close(fds[1])
	_, err = unix.Write(fds[0], []byte("x"))
	return err
}

func bindFile(a []string) error {
	fd, err := openSocket("unix", "stream")
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Bind(fd, &unix.SockaddrUnix{Name: a[0]})
}
