package propose

import (
	"fmt"
	"strings"
)

// What a person can do where no rule is made.
const (
	byHand      = "if it is to be allowed, write the rule by hand; see apparmor.d(5)"
	lookAt      = "look at the line in the log: what it says does not fit together, or a part of it is missing"
	kernelFault = "a fault of the kernel, which says of no access that it was denied: there is nothing to allow"

	byLoad   = "load the profile or hat of that name with apparmor_parser(8)"
	noChild  = "--exec=ix or px: in the same profile, or in its own"
	byExec   = "--exec=ix, px or cx: in the same profile, in its own, or in a child of this one"
	otherNS  = "put it into the policy of that namespace by hand; here there is only the root namespace's"
	reload   = "if it is denied still, load the profile anew: apparmor_parser -r"
	noLabels = "write a profile for the program; kernel.apparmor_restrict_unprivileged_userns and its kin are for all programs"
)

// transitionHint says what to do about a change of profile that failed for the
// reason that the kernel gives (security/apparmor/domain.c).
func transitionHint(info string) string {
	switch {
	case strings.Contains(info, "no new privs"):
		return "a process without new privileges keeps its profile: run the program by ix, or start the process without that flag"
	case strings.Contains(info, "ix fallback"):
		return "the program ran in the profile of its caller; to have it run in its own, load that with apparmor_parser(8)"
	case strings.Contains(info, "not found"), strings.Contains(info, "unknown"):
		return byLoad
	}
	return "no rule changes that; see the reason"
}

// missingHint says what to do about a profile that the kernel made up for a hat or
// profile that does not exist, by the name that it has behind "//null-"; before
// Linux 4.13 that is a number.
func missingHint(parent, name string) string {
	if name == "" || strings.Trim(name, "0123456789abcdef") == "" {
		return "the line of the log that has it as its target says what it stands for; load that"
	}
	return fmt.Sprintf("add hat %q { } to %q, or load a profile of that name; what is denied to it then can become rules", name, parent)
}
