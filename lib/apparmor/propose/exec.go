package propose

import (
	"fmt"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// Exec says what becomes of an exec that was denied. How a program is to be
// confined is a choice and no fact, so by default it is left to a person.
// Unconfined is no choice here.
type Exec uint8

// The choices. The environment is scrubbed where the program gets another
// profile: who runs it must not choose what it loads.
const (
	Ask          Exec = iota // a note
	Inherit                  // ix: it runs in the same profile
	OwnProfile               // Px: in the profile for its path
	ChildProfile             // Cx: in a child of the profile
)

var execNames = [...]string{"note", "ix", "px", "cx"}

// String returns the word of the option.
func (e Exec) String() string { return execNames[e] }

// ParseExec is the inverse of String; ok is false for any other word.
func ParseExec(word string) (e Exec, ok bool) {
	for i, name := range execNames {
		if name == word {
			return Exec(i), true
		}
	}
	return Ask, false
}

// exec proposes the rule for an exec, as the option says.
func (pr *proposal) exec(owner bool, path apparmor.Pattern, name string) {
	if info := pr.fields[record.FInfo]; info != "" && pr.fields[record.FOperation] != "link" {
		what := fmt.Sprintf("exec of %q", name)
		if to := pr.fields[record.FTarget]; to != "" && !strings.Contains(to, nullChild) {
			what += fmt.Sprintf(" in the profile %q", to)
		}
		pr.note("transition", transitionHint(info), "%s: %q", what, info)
		return
	}
	rule := apparmor.File{Owner: owner, Path: path}
	switch pr.options.Exec {
	case Inherit:
		rule.Exec = apparmor.IX
	case OwnProfile:
		rule.Exec = apparmor.PX
		if pr.attached(name) == "" {
			pr.note("exec", byLoad, "%q runs only where a profile for it is loaded", name)
		}
	case ChildProfile:
		if strings.Contains(pr.profile, "//") {
			pr.note("exec", noChild, "exec of %q by %q, which is a child, and profiles have one level of them", name, pr.profile)
			return
		}
		rule.Exec = apparmor.CX
		pr.note("exec", "write the child profile into this one", "%q runs only where this profile has a child for it", name)
	default:
		if profile := pr.attached(name); profile != "" {
			pr.note("exec", "--exec=px: in that profile", "exec of %q, for which the profile %q is installed", name, profile)
		} else {
			pr.note("exec", byExec, "exec of %q", name)
		}
		return
	}
	pr.add(rule)
}

// attached returns the name of the installed profile for the program; "" where
// there is none.
func (pr *proposal) attached(program string) string {
	if pr.options.Policy == nil {
		return ""
	}
	if profile := pr.options.Policy.Attached(program); profile != nil {
		return profile.Name
	}
	return ""
}
