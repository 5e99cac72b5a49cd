package sandbox

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestLandlockHandlesAllTheKernelHas: no right that this kernel knows is left out. A bit
// more of any kind is one that it does not know.
func TestLandlockHandlesAllTheKernelHas(t *testing.T) {
	abi := landlockABI()
	if abi == 0 {
		t.Skip("this kernel has no Landlock")
	}
	makes := func(attr unix.LandlockRulesetAttr, size uintptr) bool {
		fd, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
		if errno == 0 {
			unix.Close(int(fd))
		}
		return errno == 0
	}
	attr, size := landlockAttr(abi)
	if !makes(attr, size) {
		t.Fatalf("version %d does not take %#x, %#x, %#x", abi, attr.Handled_access_fs, attr.Handled_access_net, attr.Scoped)
	}
	all := unsafe.Offsetof(attr.Quiet_access_fs)
	for bit := range 64 {
		for _, more := range []unix.LandlockRulesetAttr{{Handled_access_fs: 1 << bit}, {Handled_access_net: 1 << bit}, {Scoped: 1 << bit}} {
			m := attr
			m.Handled_access_fs |= more.Handled_access_fs
			m.Handled_access_net |= more.Handled_access_net
			m.Scoped |= more.Scoped
			if m != attr && makes(m, all) {
				t.Errorf("version %d has a right that is not handled: %+v", abi, more)
			}
		}
	}
	t.Logf("version %d", abi)
}
