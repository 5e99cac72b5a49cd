package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestMain is the program that sends the packets, if it is started with SEND.
func TestMain(m *testing.M) {
	if path, which, ok := strings.Cut(os.Getenv("SEND"), ":"); ok {
		if err := send(path, which); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// send sends all frames one way, or only the first ones, or those of one name.
func send(path, which string) error {
	cable, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		return err
	}
	for _, f := range frames(path) {
		if which == "first" && !f.first || which != "first" && which != "all" && which != f.name {
			continue
		}
		for _, p := range f.packets {
			if path == output {
				err = sendOwn(f, p)
			} else {
				err = sendFrame(cable, path, f, p)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
	return nil
}

// sendFrame sends a packet on a cable, in an Ethernet frame unless it is one.
func sendFrame(fd int, path string, f frame, packet []byte) error {
	dev, err := net.InterfaceByName(f.iface)
	if err != nil {
		return err
	}
	if f.header != nil {
		packet = slices.Concat(f.header[:6], dev.HardwareAddr, f.header[6:], packet)
	} else {
		packet = append(ether(path, f.iface, dev.HardwareAddr, packet), packet...)
	}
	return unix.Sendto(fd, packet, 0, &unix.SockaddrLinklayer{Ifindex: dev.Index})
}

// ether is the Ethernet header of a packet: to the host, or to the group that its
// destination says, or to nobody that the bridge knows, so that it goes everywhere.
func ether(path, iface string, from net.HardwareAddr, packet []byte) []byte {
	to := []byte{2, 0, 0, 0, 0, 1}
	if n := iface[len(iface)-1]; n < 'a' {
		to[5] = n - '0'
	}
	if path == bridged && to[5] != 3 {
		to[5] = 9
	}
	protocol := []byte{8, 0}
	if packet[0]>>4 == 6 {
		protocol = []byte{0x86, 0xdd}
		if dst := packet[24:40]; dst[0] == 0xff {
			to = append([]byte{0x33, 0x33}, dst[12:]...)
		}
	} else if dst := packet[16:20]; dst[0]>>4 == 14 {
		to = append([]byte{1, 0, 0x5e}, dst[1:]...)
	} else if dst[3] == 255 {
		to = bytes.Repeat([]byte{255}, 6)
	}
	return append(append(to, from...), protocol...)
}

// sendOwn sends a packet of the host's own, as a user.
func sendOwn(f frame, packet []byte) error {
	v6 := packet[0]>>4 == 6
	family, level, option := unix.AF_INET, unix.IPPROTO_IP, unix.IP_HDRINCL
	if v6 {
		family, level, option = unix.AF_INET6, unix.IPPROTO_IPV6, unix.IPV6_HDRINCL
	}
	// A socket belongs to the user that its thread has for files.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	unix.SetfsuidRetUid(f.uid)
	fd, err := unix.Socket(family, unix.SOCK_RAW, unix.IPPROTO_RAW)
	unix.SetfsuidRetUid(0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := unix.SetsockoptInt(fd, level, option, 1); err != nil {
		return err
	}
	if err := unix.BindToDevice(fd, f.iface); err != nil {
		return err
	}
	var to unix.Sockaddr
	if v6 {
		to = &unix.SockaddrInet6{Addr: [16]byte(packet[24:40])}
	} else {
		to = &unix.SockaddrInet4{Addr: [4]byte(packet[16:20])}
	}
	if err := unix.Sendto(fd, packet, 0, to); err != unix.EPERM { // dropped
		return err
	}
	return nil
}
