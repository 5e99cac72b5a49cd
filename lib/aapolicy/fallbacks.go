package aapolicy

import (
	"fmt"

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
}
