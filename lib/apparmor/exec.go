package apparmor

// Exec says in which profile a program runs that a rule allows to execute
// (apparmor.d(5), "Execute Mode"). The order is from the most confined to the
// least.
type Exec uint8

// The modes. An upper-case letter has the environment scrubbed (AT_SECURE), so
// that LD_PRELOAD and its kin do not cross into the other profile.
const (
	NoExec   Exec = iota
	DenyExec      // x of a deny rule
	IX            // in the same profile
	CX            // in a child profile
	CIX           // in a child profile, else in the same
	PX            // in a profile of its own
	PIX
	CXUnsafe // cx: as CX, the environment unscrubbed
	CIXUnsafe
	PXUnsafe
	PIXUnsafe
	CUX // in a child profile, else unconfined
	PUX
	UX // unconfined
	CUXUnsafe
	PUXUnsafe
	UXUnsafe
)

var execNames = [...]string{
	"", "x", "ix", "Cx", "Cix", "Px", "Pix", "cx", "cix", "px", "pix", "CUx", "PUx", "Ux", "cux", "pux", "ux",
}

// String returns the letters of the mode; "" for NoExec.
func (e Exec) String() string { return execNames[e] }

func parseExec(letters string) (e Exec, ok bool) {
	for i, name := range execNames {
		if name == letters {
			return Exec(i), true
		}
	}
	return NoExec, false
}

// hasTarget reports whether the rule may name the profile.
func (e Exec) hasTarget() bool { return e >= CX && e != UX && e != UXUnsafe }
