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

// closeBounds empties the bounding set and locks the securebits, as long as the
// thread has CAP_SETPCAP.
func (l *list) closeBounds() {
	for c := uintptr(0); bounded(c) >= 0; c++ {
		l.add(layerCapabilities, fmt.Sprintf("bounding set, %d", c), unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c, 0, 0, 0)
	}
	l.add(layerCapabilities, "securebits", unix.SYS_PRCTL, unix.PR_SET_SECUREBITS, securebits, 0, 0, 0)
}

// bounded is 1 where the bounding set has the capability, 0 where not, and
// negative where the kernel knows no such.
func bounded(c uintptr) int { return prctl(unix.PR_CAPBSET_READ, c) }

// dropCapabilities empties the other four sets.
func (l *list) dropCapabilities() {
	l.add(layerCapabilities, "ambient set", unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	l.add(layerCapabilities, "capset", unix.SYS_CAPSET,
		pinnedTo(l, unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}), pinnedTo(l, [2]unix.CapUserData{}))
}

// withoutCapabilities asks for the three sets of a thread, and so for the ambient
// one: it never has what is not permitted (capabilities(7)). Without closed bounds
// no_new_privs alone keeps an execution from giving any.
func withoutCapabilities(closed bool) error {
	var sets [2]unix.CapUserData
	if err := unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &sets[0]); err != nil {
		return fmt.Errorf("capget: %w", err)
	}
	if sets != [2]unix.CapUserData{} {
		return errors.New("a set is not empty")
	}
	if !closed {
		return nil
	}
	for c := uintptr(0); ; c++ {
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
