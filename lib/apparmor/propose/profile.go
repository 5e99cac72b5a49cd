package propose

import (
	"cmp"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// nullChild stands before the name of a profile that the kernel made up in
// complain mode, for a program or a hat without one
// (security/apparmor/policy.c, aa_new_learning_profile).
const nullChild = "//null-"

// home finds the profile that the rules belong into. It is false, with a note,
// where there is none that could be written to.
func (pr *proposal) home() bool {
	f := pr.fields
	if f[record.FProfile] == "" && f[record.FInfo] == "unconfined" { // change_hat(2) of a task without profile
		pr.profile = "unconfined"
		pr.note("unconfined", noLabels, "%s by a process that no profile confines", f[record.FOperation])
		return false
	}
	profile, ok := pr.get(record.FProfile)
	ns := f[record.FNamespace]
	switch {
	case !ok:
		return false
	case profile == "unconfined":
		pr.unconfined()
	case profile == sharedUserns || strings.HasPrefix(profile, sharedUserns+"//"):
		pr.userns()
	case !ofRoot(ns):
		pr.note("namespace", otherNS, "profile %q is of the policy namespace %q", profile, ns)
	case strings.HasPrefix(profile, ":"):
		pr.note("namespace", otherNS, "profile %q is of another policy namespace", profile)
	case strings.Contains(profile, "//&"):
		pr.note("unsupported", "see which of the profiles has no rule for it, and write the rule there", "%q is a stack of profiles, and which of them denied is not said", profile)
	case strings.HasPrefix(profile, "null-"):
		pr.note("unsupported", byLoad, "%q stands for a profile that does not exist", profile)
	case strings.Contains(profile, nullChild):
		return pr.adopt(profile)
	default:
		return true
	}
	return false
}

// ofRoot reports whether a policy namespace, as the kernel names it, is the root one.
func ofRoot(ns string) bool { return ns == "" || ns == "root" || ns == "default" }

// adopt finds a home for what happened after an exec in complain mode: in the
// profile that the program is to run in. A child has no children: apparmor_parser
// reads them, but gives the kernel the last two names only, and the kernel finds
// no such parent.
func (pr *proposal) adopt(profile string) bool {
	head, rest, _ := strings.Cut(profile, nullChild)
	programs := strings.Split(rest, nullChild)
	for _, program := range programs {
		if !strings.HasPrefix(program, "/") {
			pr.note("unsupported", missingHint(head, program), "%q stands for a hat or profile that does not exist", profile)
			return false
		}
	}
	program := programs[len(programs)-1]
	pr.profile = head
	switch {
	case pr.options.Exec == Inherit:
		pr.adopted = adoptedMark + profile
		return true
	case pr.options.Exec == OwnProfile:
		pr.profile = cmp.Or(pr.attached(program), program)
		return true
	case pr.options.Exec == ChildProfile && len(programs) == 1 && !strings.Contains(head, "//"):
		pr.profile = head + "//" + program
		return true
	case pr.options.Exec == ChildProfile:
		pr.note("exec", noChild, "%q would be a child of a child, and profiles have one level of them", profile)
	default:
		pr.note("exec", byExec, "what %q does belongs to the profile it is to run in", program)
	}
	return false
}
