package sandbox

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"
)

// nodeName is the host name in the UTS namespace. A taken-over program does not
// learn the machine's, and the second start sees whose namespace it is in.
const nodeName = "sandbox"

// enterUserNamespace gives an ordinary user the rights to make the others. The
// one user and group in it are the user's own, under their own numbers, so that
// a file's owner reads the same inside. Only a process with a single thread may
// do it.
func (l *list) enterUserNamespace(id identity) {
	uid, gid := strconv.Itoa(id.uid), strconv.Itoa(id.gid)
	l.add(layerNamespaces, "user namespace", unix.SYS_UNSHARE, unix.CLONE_NEWUSER)
	l.writeFile(layerNamespaces, "/proc/self/setgroups", "deny") // user_namespaces(7): before gid_map
	l.writeFile(layerNamespaces, "/proc/self/uid_map", uid+" "+uid+" 1")
	l.writeFile(layerNamespaces, "/proc/self/gid_map", gid+" "+gid+" 1")
}

// writeFile opens, writes and closes; 3 is free, see placeDescriptors.
func (l *list) writeFile(layer, path, text string) {
	const fd = pollerEpoll
	b := []byte(text)
	at := ^uintptr(99) // AT_FDCWD
	l.expect(fd, layer, "open "+path, unix.SYS_OPENAT, at, l.text(path), unix.O_WRONLY, 0)
	l.expect(len(b), layer, "write "+path, unix.SYS_WRITE, fd, pinned(l, b), uintptr(len(b)))
	l.add(layer, "close "+path, unix.SYS_CLOSE, fd)
}

// enterNamespaces makes them; root does without where it must and gives allows it.
func (l *list) enterNamespaces(gives bool, unnamed string) {
	const flags = unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP
	l.add(layerNamespaces, "unshare: mount, net, ipc, uts and cgroup namespaces", unix.SYS_UNSHARE, flags)
	l.mayGive(gives, givesNamespaces)
	if unnamed == "" {
		l.add(layerNamespaces, "sethostname", unix.SYS_SETHOSTNAME, l.text(nodeName), uintptr(len(nodeName)))
		l.mayGive(gives, givesName)
	}
}

// inNamespaces asks for what can be seen from inside: the UTS namespace's name,
// where it could be set, and the state of the network. The mount namespace shows in the root folder.
// The kernel made all five in one call or none.
func inNamespaces(named bool) error {
	if !named {
		return emptyNetwork()
	}
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return err
	}
	if unix.ByteSliceToString(uts.Nodename[:]) != nodeName {
		return errors.New("the uts namespace is the machine's")
	}
	return emptyNetwork()
}

// emptyNetwork checks that this is not the first network namespace, whose cookie
// is 1 (net/core/net_namespace.c; asked since Linux 5.14), and that its loopback
// device was never brought up.
func emptyNetwork() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EAFNOSUPPORT) {
		return nil // AppArmor leaves no socket to ask with, or the kernel has no IPv4
	}
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	defer unix.Close(s)
	if cookie, err := unix.GetsockoptUint64(s, unix.SOL_SOCKET, unix.SO_NETNS_COOKIE); err == nil && cookie == 1 {
		return errors.New("the net namespace is the machine's")
	}
	req, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	if err := unix.IoctlIfreq(s, unix.SIOCGIFFLAGS, req); err != nil && !errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("loopback: %w", err)
	}
	if req.Uint16()&unix.IFF_UP != 0 {
		return errors.New("the net namespace is in use: its loopback device is up")
	}
	return nil
}

// followParent makes the process end with the one that waits for it, and checks
// that this has not ended already. It is the second start's business: a change of
// the user or of capabilities undoes it.
func followParent(pid int) error {
	if prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL)) != 0 {
		return errors.New("no signal at the parent's death")
	}
	if unix.Getppid() != pid {
		return errors.New("the parent is gone")
	}
	return nil
}
