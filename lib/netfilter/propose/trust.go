package propose

import "github.com/sl-suite/sl/lib/record"

// levels is how many levels of trust there are. What is said of packets is kept by
// level: what is believed less neither adds to what is believed more, nor takes from it.
const levels = int(record.TrustKernel) + 1

// byTrust is evidence of every level.
type byTrust [levels]record.Evidence

func (b *byTrust) add(ev *record.Event)     { b[ev.Trust].Add(ev) }
func (b *byTrust) merge(e *record.Evidence) { b[e.Trust].Merge(e) }
