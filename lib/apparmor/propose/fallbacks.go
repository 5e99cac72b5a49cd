package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

const fallbackNote = "fallback"

// fallbacks are the capabilities that the kernel asks for where a smaller one was
// refused for the same purpose, so that both are denied where the smaller one
// would do (include/linux/capability.h, kernel/printk/printk.c, fs/namei.c).
var fallbacks = []struct{ smaller, greater string }{
	{"syslog", "sys_admin"}, {"bpf", "sys_admin"}, {"perfmon", "sys_admin"}, {"checkpoint_restore", "sys_admin"},
	{"dac_read_search", "dac_override"},
}

// fallbacks notes which capabilities may not be needed once the smaller ones are
// granted: those that were denied no more often. The rules for them stay.
func (r *profileResult) fallbacks() {
	r.ofPtrace()
	denied := make(map[string]*ruleEntry)
	for _, p := range r.rules {
		if c, ok := p.rule.Body.(apparmor.Capability); ok {
			denied[c.Name] = p.ruleEntry
		}
	}
	for _, f := range fallbacks {
		smaller, greater := denied[f.smaller], denied[f.greater]
		if smaller == nil || greater == nil || greater.evidence.full().Count > smaller.evidence.full().Count {
			continue
		}
		r.note(noteKey{
			kind: fallbackNote, lang: record.AppArmor, profile: r.name,
			text: fmt.Sprintf("the kernel asks for capability %s where it has refused %s", f.greater, f.smaller),
			hint: fmt.Sprintf("try capability %s alone first", f.smaller),
		}).take(&greater.evidence)
	}
	if e := denied["net_admin"]; e != nil {
		r.note(noteKey{
			kind: fallbackNote, lang: record.AppArmor, profile: r.name,
			text: "sd_notify(3), and what else makes the buffer of a socket large, asks for capability net_admin and does without",
			hint: "try without it first, or deny it",
		}).take(&e.evidence)
	}
}

// refusedPtrace ends the notes of ofPtrace.
const refusedPtrace = "where it has refused ptrace"

// ofPtrace reports whether the text is that of a note of [profileResult.ofPtrace], whose
// rules are left out, so that it cannot be made anew.
func ofPtrace(text string) bool { return strings.HasSuffix(text, refusedPtrace) }

// ofPtrace leaves out the capabilities that the kernel asks for only because it has
// refused ptrace: to read the environment or the maps of a process, perfmon, and
// sys_admin instead of that (kernel/fork.c, mm_access). Either would let the program read
// the memory of every process.
func (r *profileResult) ofPtrace() {
	refused, perfmon := uint64(0), uint64(0)
	for _, p := range r.rules {
		switch b := p.rule.Body.(type) {
		case apparmor.Ptrace:
			if b.Access.Intersects(reading) {
				refused += p.evidence.full().Count
			}
		case apparmor.Capability:
			if b.Name == "perfmon" {
				perfmon = p.evidence.full().Count
			}
		}
	}
	if perfmon == 0 || perfmon > refused {
		return
	}
	r.rules = slices.DeleteFunc(r.rules, func(p proposed) bool {
		c, ok := p.rule.Body.(apparmor.Capability)
		if !ok || c.Name != "perfmon" && c.Name != "sys_admin" || p.evidence.full().Count > perfmon {
			return false
		}
		r.note(noteKey{
			kind: fallbackNote, lang: record.AppArmor, profile: r.name,
			text: fmt.Sprintf("the kernel asks for capability %s %s", c.Name, refusedPtrace),
			hint: "the ptrace rule alone will do",
		}).take(&p.evidence)
		return true
	})
}

// reading is what mm_access asks ptrace for.
var reading, _ = apparmor.PtraceAccesses.Parse("read", "trace")
