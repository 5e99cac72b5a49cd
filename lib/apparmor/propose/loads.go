package propose

import (
	"strings"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// loads knows when each profile was last loaded, as far as the log says: then a
// denial from before may be mended. Each level of trust has what its own lines say, so
// who can forge a line of the log can make no evidence old that is better than the
// line, and can keep none from being old.
type loads [record.TrustKernel + 1]loadsOf

// loadsOf is what the lines of one level say.
type loadsOf struct {
	hosts map[string]map[string]*time.Time // by profile and host; zero for never
	pairs int
	any   map[string]bool // the profiles of which some loading is known
}

// maxLoads bounds how many pairs of profile and host are remembered of each level.
// Beyond it nothing of the level is called old.
const maxLoads = 1 << 16

func (l *loadsOf) at(profile, host string) *time.Time {
	hosts := l.hosts[profile]
	if at := hosts[host]; at != nil {
		return at
	}
	if l.pairs >= maxLoads {
		l.pairs = maxLoads + 1
		return nil
	}
	l.pairs++
	if l.hosts == nil {
		l.hosts = make(map[string]map[string]*time.Time)
	}
	if hosts == nil {
		hosts = make(map[string]*time.Time)
		l.hosts[strings.Clone(profile)] = hosts
	}
	at := new(time.Time)
	hosts[strings.Clone(host)] = at
	return at
}

// denied remembers that something was denied to the profile on the host: until
// the profile is loaded there, nothing about it is old.
func (l *loads) denied(profile, host string, trust record.Trust) { l[trust].at(profile, host) }

// loaded takes a message of the kernel that tells of loading. A profile that was
// the same as before ("same as current profile, skipping") is not loaded.
func (l *loads) loaded(ev *record.Event) {
	f := &ev.Fields
	switch f[record.FOperation] {
	case "profile_load", "profile_replace":
	default:
		return
	}
	if f[record.FVerdict] != "STATUS" || f[record.FInfo] != "" || f[record.FName] == "" || !ofRoot(f[record.FNamespace]) {
		return // a container loads what it likes into a namespace of its own
	}
	t, err := time.Parse(time.RFC3339, ev.Time)
	if err != nil {
		return
	}
	level := &l[ev.Trust]
	if at := level.at(f[record.FName], ev.Host); at != nil && t.After(*at) {
		*at = t
		if level.any == nil {
			level.any = make(map[string]bool)
		}
		level.any[strings.Clone(f[record.FName])] = true
	}
}

// old reports whether all of the evidence is from before the profile was last
// loaded, on every host that denied something to it, as far as lines say that are
// believed no less than the evidence.
func (l *loads) old(profile string, evidence *evidence) bool {
	e := evidence.full()
	levels, known := l[e.Trust:], false
	for i := range levels {
		known = known || levels[i].any[profile]
	}
	if !known {
		return false
	}
	last, err := time.Parse(time.RFC3339, e.Last)
	if err != nil {
		return false
	}
	hosts := make(map[string]time.Time)
	for i := range levels {
		if levels[i].pairs > maxLoads {
			return false
		}
		for host, at := range levels[i].hosts[profile] {
			newest := hosts[host]
			if at.After(newest) {
				newest = *at
			}
			hosts[host] = newest
		}
	}
	for _, newest := range hosts {
		if !last.Before(newest) {
			return false
		}
	}
	return len(hosts) > 0
}
