package apparmor

// leastLimits are limits that ordinary programs live with, by resource and in the
// unit of getrlimit(2): Debian's own where it sets one. A rule sets its limit when
// the profile is entered, so a lower one stops the program as a deny rule would.
// The resources that are not here stop nothing.
var leastLimits = map[string]uint64{
	"as":         4 << 30,
	"cpu":        30 * 24 * 3600,
	"data":       1 << 30,
	"fsize":      4 << 30,
	"memlock":    64 << 10,
	"msgqueue":   64 << 10,
	"nofile":     1024,
	"nproc":      512,
	"rttime":     200_000,
	"sigpending": 512,
	"stack":      1 << 20,
}

func (r Rlimit) danger() (level uint8, why string) {
	if r.Value < leastLimits[r.Resource] {
		return 9, "sets a limit too low for the program to work"
	}
	return 2, "sets a resource limit"
}
