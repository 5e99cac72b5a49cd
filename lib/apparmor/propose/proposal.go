package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// proposal is what one event calls for. An event without rules has a note. No
// two rules have the same target and no two notes are the same, so that the
// event counts once in each.
type proposal struct {
	fields  *record.Fields
	options *Options
	profile string // the one that the rules belong into
	adopted string // the one that the kernel made up, where the rules may belong elsewhere
	rules   []apparmor.Rule
	made    []string  // what made the rules wider than the event
	notes   []noteKey // kind, text and hint
}

// propose takes the event apart by the class that the kernel, or sl-parse for
// an older kernel, says it is of. What it returns is valid until the next event.
func (p *Proposer) propose(f *record.Fields) *proposal {
	pr := &p.proposal
	*pr = proposal{fields: f, options: &p.options, profile: f[record.FProfile], rules: pr.rules[:0], notes: pr.notes[:0]}
	switch f[record.FVerdict] {
	case "DENIED", "ALLOWED", "KILLED":
	case "AUDIT": // see entersUserns
		pr.profile = sharedUserns
		pr.userns()
		return pr
	default:
		pr.note("unsupported", byHand, "unknown verdict %q", f[record.FVerdict])
		return pr
	}
	if !pr.home() {
		return pr
	}
	switch f[record.FClass] {
	case "file":
		pr.file()
	case "cap":
		pr.capability()
	case "net":
		pr.socket()
	case "mount":
		pr.mount()
	case "signal":
		pr.signal()
	case "ptrace":
		pr.ptrace()
	case "dbus":
		pr.dbus()
	case "posix_mqueue":
		pr.mqueue("posix")
	case "sysv_mqueue":
		pr.mqueue("sysv")
	case "io_uring":
		pr.ioUring()
	case "namespace":
		pr.namespace()
	case "rlimits":
		pr.rlimit()
	}
	if len(pr.rules)+len(pr.notes) == 0 {
		pr.unsupported()
	}
	return pr
}

func (pr *proposal) add(b apparmor.Body) {
	r := apparmor.Rule{Body: b}
	for i, have := range pr.rules {
		if have.Target() == r.Target() {
			pr.rules[i] = have.Union(r)
			return
		}
	}
	pr.rules = append(pr.rules, r)
}

func (pr *proposal) note(kind, hint, format string, args ...any) {
	n := noteKey{kind: kind, text: fmt.Sprintf(format, args...), hint: hint}
	if !slices.Contains(pr.notes, n) {
		pr.notes = append(pr.notes, n)
	}
}

func (pr *proposal) unsupported() {
	f := pr.fields
	pr.note("unsupported", byHand, "no rule is known for operation %q of class %q", f[record.FOperation], f[record.FClass])
}

// get returns the field, and notes that it is missing.
func (pr *proposal) get(field record.Field) (value string, ok bool) {
	value = pr.fields[field]
	if ok = strings.TrimSpace(value) != ""; !ok {
		pr.note("incomplete", lookAt, "%s without %s: no rule", pr.fields[record.FOperation], field)
	}
	return value, ok
}

// literal returns the pattern of the field's value, and notes why there is none.
func (pr *proposal) literal(field record.Field) (pattern apparmor.Pattern, ok bool) {
	value, ok := pr.get(field)
	if !ok {
		return pattern, false
	}
	return pr.pattern(value)
}

func (pr *proposal) pattern(name string) (pattern apparmor.Pattern, ok bool) {
	pattern, err := apparmor.Literal(name)
	if err != nil {
		pr.note("name", "give it another name, or write the rule by hand with octal escapes", "no rule for %q: %v", name, err)
	}
	return pattern, err == nil
}

// denied returns the words of the mask that was denied, and notes that there
// are none, or one that is not in the vocabulary.
func (pr *proposal) denied(v *apparmor.Vocabulary) (set apparmor.Set, ok bool) {
	mask := pr.fields[record.FDenied]
	if strings.TrimSpace(mask) == "" {
		if mask, ok = pr.get(record.FDeniedMask); !ok {
			return set, false
		}
	}
	return pr.words(v, strings.Fields(mask))
}

func (pr *proposal) words(v *apparmor.Vocabulary, words []string) (set apparmor.Set, ok bool) {
	set, err := v.Parse(words...)
	if err != nil {
		pr.note("unsupported", byHand, "%s: %v", pr.fields[record.FOperation], err)
	}
	return set, err == nil
}
