package aapolicy

import (
	"strings"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// loads knows when each profile was last loaded, as far as the log says: then a
// denial from before may be mended. Who can forge a line of the log cannot make
// evidence old that is better than the line.
type loads struct {
	hosts map[string]map[string]*[record.TrustKernel + 1]time.Time // by profile, host and trust; zero for never
	pairs int
	any   map[string]bool // the profiles of which some loading is known
}

// maxLoads bounds how many pairs of profile and host are remembered. Beyond it
// nothing is called old.
const maxLoads = 1 << 16

func (l *loads) at(profile, host string) *[record.TrustKernel + 1]time.Time {
	hosts := l.hosts[profile]
	if at := hosts[host]; at != nil {
		return at
	}
	if l.pairs++; l.pairs > maxLoads {
		return nil
	}
	if l.hosts == nil {
		l.hosts = make(map[string]map[string]*[record.TrustKernel + 1]time.Time)
	}
	if hosts == nil {
		hosts = make(map[string]*[record.TrustKernel + 1]time.Time)
		l.hosts[strings.Clone(profile)] = hosts
	}
	at := new([record.TrustKernel + 1]time.Time)
	hosts[strings.Clone(host)] = at
	return at
}

// denied remembers that something was denied to the profile on the host: until
// the profile is loaded there, nothing about it is old.
func (l *loads) denied(profile, host string) { l.at(profile, host) }

// loaded takes a message of the kernel that tells of loading. A profile that was
// the same as before ("same as current profile, skipping") is not loaded.
func (l *loads) loaded(ev *record.Event) {
	f := &ev.Fields
	switch f[record.FOperation] {
	case "profile_load", "profile_replace":
	default:
		return
	}
	if f[record.FVerdict] != "STATUS" || f[record.FInfo] != "" || f[record.FName] == "" {
		return
	}
	t, err := time.Parse(time.RFC3339, ev.Time)
	if err != nil {
		return
	}
	if at := l.at(f[record.FName], ev.Host); at != nil && t.After(at[ev.Trust]) {
		at[ev.Trust] = t
		if l.any == nil {
			l.any = make(map[string]bool)
		}
		l.any[strings.Clone(f[record.FName])] = true
	}
}

// old reports whether all of the evidence is from before the profile was last
// loaded, on every host that denied something to it.
func (l *loads) old(profile string, evidence *evidence) bool {
	if !l.any[profile] || l.pairs > maxLoads {
		return false
	}
	e := evidence.full()
	last, err := time.Parse(time.RFC3339, e.Last)
	if err != nil {
		return false
	}
	for _, at := range l.hosts[profile] {
		newest := time.Time{}
		for _, t := range at[e.Trust:] {
			if t.After(newest) {
				newest = t
			}
		}
		if !last.Before(newest) {
			return false
		}
	}
	return len(l.hosts[profile]) > 0
}
