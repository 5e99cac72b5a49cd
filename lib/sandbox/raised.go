package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// A raisedError says what the program was given that its user does not have.
type raisedError struct{ what string }

func (e *raisedError) Error() string { return e.what }
func (e *raisedError) Hint() string {
	return "take the set-user-id bit, the set-group-id bit and the capabilities from the file; sudo(8) gives rights to users"
}

// Raised returns a *[LayerError] where the program's file gives it rights that its user
// does not have: a set-user-id or set-group-id file, or one with capabilities. Then the
// arguments, the environment, the limits and the descriptors are a stranger's, and
// nothing here is made for that. It is asked before anything is opened; [Enter] asks, too.
//
// AT_SECURE is no answer: AppArmor sets it where it enters a profile, and then nobody
// has got a right.
func Raised() error {
	ruid, euid, suid := unix.Getresuid()
	if ruid != euid || euid != suid {
		return &LayerError{layerUser, &raisedError{fmt.Sprintf("the program was started set-user-id: user %d would act as %d", ruid, euid)}}
	}
	rgid, egid, sgid := unix.Getresgid()
	if rgid != egid || egid != sgid {
		return &LayerError{layerUser, &raisedError{fmt.Sprintf("the program was started set-group-id: group %d would act as %d", rgid, egid)}}
	}
	if ruid == 0 {
		return nil // which has them all without a file's help
	}
	now, err := capabilities()
	if err != nil {
		return &LayerError{layerCapabilities, err}
	}
	// What a user has across an execution is ambient (capabilities(7)).
	for c := uintptr(0); c < 64; c++ {
		if now.permitted>>c&1 != 0 && prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, c) != 1 {
			return &LayerError{layerCapabilities, &raisedError{fmt.Sprintf("the program's file gives user %d capability %d", ruid, c)}}
		}
	}
	return nil
}
