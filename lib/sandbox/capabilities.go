package sandbox

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// securebits of a thread that no user id gives a capability to, each with its
// lock; KEEP_CAPS is locked clear. <linux/securebits.h>
const securebits = 1<<0 | 1<<1 | // NOROOT
	1<<2 | 1<<3 | // NO_SETUID_FIXUP
	1<<5 | // KEEP_CAPS_LOCKED
	1<<6 | 1<<7 // NO_CAP_AMBIENT_RAISE

// mostCapabilities are more than a set can hold; how many there are, the kernel says.
const mostCapabilities = 64

// closeBounds empties the bounding set and locks the securebits, as long as the
// thread has CAP_SETPCAP.
func (l *list) closeBounds() {
	for c := uintptr(0); c < mostCapabilities && bounded(c) >= 0; c++ {
		l.add(layerCapabilities, fmt.Sprintf("bounding set, %d", c), unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c, 0, 0, 0)
	}
	l.add(layerCapabilities, "securebits", unix.SYS_PRCTL, unix.PR_SET_SECUREBITS, securebits, 0, 0, 0)
}

// bounded is 1 where the bounding set has the capability, 0 where not, and
// negative where the kernel knows no such.
func bounded(c uintptr) int { return prctl(unix.PR_CAPBSET_READ, c) }

// keepable returns those of the capabilities that this process has.
func keepable(keeps uint64) uint64 {
	now, err := capabilities()
	if err != nil {
		return 0
	}
	return keeps & now.permitted
}

// keepCapabilities lets some come through the execution: with the securebits that
// closeBounds sets, only those of the ambient set do (capabilities(7)). It comes
// before them, for they forbid to add to it. now are the sets that the process has
// by then.
func (l *list) keepCapabilities(keeps uint64, now capabilitySets) {
	if keeps == 0 {
		return
	}
	now.inheritable |= keeps
	l.setCapabilities("inheritable set", now)
	for c := uintptr(0); c < 64; c++ {
		if keeps>>c&1 != 0 {
			l.add(layerCapabilities, "ambient set", unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, c, 0, 0)
		}
	}
}

// dropCapabilities empties the other four sets, but for what is kept.
func (l *list) dropCapabilities(keeps uint64) {
	if keeps == 0 {
		l.add(layerCapabilities, "ambient set", unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	}
	l.setCapabilities("capset", capabilitySets{keeps, keeps, keeps})
}

// allCapabilities are those of a process that has just made a user namespace. The
// kernel masks what it does not know.
func allCapabilities() capabilitySets {
	return capabilitySets{effective: ^uint64(0), permitted: ^uint64(0)}
}

// capabilitySets are those that capget(2) tells, as masks.
type capabilitySets struct{ effective, permitted, inheritable uint64 }

func capabilities() (c capabilitySets, err error) {
	var d [2]unix.CapUserData
	if err := unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &d[0]); err != nil {
		return c, fmt.Errorf("capget: %w", err)
	}
	whole := func(low, high uint32) uint64 { return uint64(high)<<32 | uint64(low) }
	return capabilitySets{
		whole(d[0].Effective, d[1].Effective), whole(d[0].Permitted, d[1].Permitted), whole(d[0].Inheritable, d[1].Inheritable),
	}, nil
}

func (l *list) setCapabilities(what string, c capabilitySets) {
	l.add(layerCapabilities, what, unix.SYS_CAPSET, pinnedTo(l, unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}),
		pinnedTo(l, [2]unix.CapUserData{
			{Effective: uint32(c.effective), Permitted: uint32(c.permitted), Inheritable: uint32(c.inheritable)},
			{Effective: uint32(c.effective >> 32), Permitted: uint32(c.permitted >> 32), Inheritable: uint32(c.inheritable >> 32)},
		}))
}

// withoutCapabilities asks for the three sets of a thread, and so for the ambient
// one: it never has what is not permitted (capabilities(7)). Only what may be kept
// may be there. Without closed bounds no_new_privs alone keeps an execution from
// giving any.
func withoutCapabilities(closed bool, keeps uint64) error {
	now, err := capabilities()
	if err != nil {
		return err
	}
	if all := now.effective | now.permitted | now.inheritable; all&^keeps != 0 {
		return fmt.Errorf("a set has %#x", all)
	}
	if !closed {
		return nil
	}
	for c := uintptr(0); c < mostCapabilities; c++ {
		has := bounded(c)
		if has < 0 {
			break
		}
		if has != 0 {
			return fmt.Errorf("the bounding set has %d", c)
		}
	}
	if prctl(unix.PR_GET_SECUREBITS) != securebits {
		return errors.New("the securebits are not locked")
	}
	return nil
}
