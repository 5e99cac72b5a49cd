package propose

import (
	"fmt"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// changeProfile proposes the rule for a change of profile that was denied. One
// that failed for another reason (the profile is not loaded, no new privileges)
// has an info, and no rule helps.
func (pr *proposal) changeProfile() {
	f := pr.fields
	to := f[record.FTarget]
	if to == "" || strings.Contains(to, nullChild) {
		to = f[record.FName]
	}
	op := f[record.FOperation]
	switch {
	case f[record.FInfo] != "":
		pr.note("transition", transitionHint(f[record.FInfo]), "%s to %q: %q", op, to, f[record.FInfo])
	case f[record.FError] != "": // a missing rule is no error of its own
		pr.note("transition", lookAt, "%s to %q: error %s", op, to, f[record.FError])
	case to == "":
		pr.get(record.FTarget)
	case strings.HasPrefix(to, ":") || strings.HasPrefix(to, "&") || strings.Contains(to, "//&"):
		pr.note("namespace", byHand, "%s to %q, which is a stack or of another policy namespace", op, to)
	default:
		if profile, ok := pr.pattern(to); ok {
			pr.add(apparmor.ChangeProfile{Stack: strings.HasPrefix(op, "stack"), Profile: profile})
		}
	}
}

// changeHat notes the hat that is missing: a hat is no rule but a profile.
func (pr *proposal) changeHat() {
	f := pr.fields
	hat := f[record.FTarget]
	if _, name, ok := strings.Cut(hat, nullChild); ok {
		hat = name
	} else if i := strings.LastIndex(hat, "//"); i >= 0 {
		hat = hat[i+len("//"):]
	}
	if hat == "" {
		hat = f[record.FName]
	}
	switch info := f[record.FInfo]; {
	case info != "":
		pr.note("transition", transitionHint(info), "change_hat to %q: %q", hat, info)
	case hat == "":
		pr.get(record.FTarget)
	default:
		pr.note("hat", fmt.Sprintf("add hat %q { } to the profile, and to the hat the rules that its events call for", hat), "the profile has no hat %q", hat)
	}
}
