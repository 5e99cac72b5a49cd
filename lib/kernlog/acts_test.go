package kernlog

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// TestActs holds the events of the lines that kernels were seen to write against
// the table of what was done: each act was done by a program of its name, of the
// table's number of lines is each an event, and one of them says what the rule
// says that let the act through afterwards.
func TestActs(t *testing.T) {
	acts, said := 0, 0
	for _, table := range corpusFiles(t, "apparmor/kernel/TABLE-*.tsv") {
		release := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(table), "TABLE-"), ".tsv")
		for _, row := range lines(t, table) {
			cells := strings.Split(row, "\t")
			class, count, loop, rule := cells[0], cells[2], cells[3], cells[4]
			_, name, _ := strings.Cut(cells[1], "-")
			var events []record.Fields
			for _, l := range lines(t, corpusFiles(t, "apparmor/kernel/"+release+"-"+class+".log")[0]) {
				if ev := event(t, l); isBy(&ev.Fields, name) {
					events = append(events, ev.Fields)
				}
			}
			acts++
			if got := strconv.Itoa(len(events)); got != count {
				t.Errorf("%s, %s: %s events, want %s: %v", release, name, got, count, saidAll(events))
			}
			wants := actsOf(rule)
			if loop != "closed" || len(wants) == 0 {
				continue
			}
			said++
			met := false
			for _, want := range wants {
				for i := range events {
					met = met || want.meets(&events[i])
				}
			}
			if !met {
				t.Errorf("%s, %s: no event says %v: %v", release, name, wants, saidAll(events))
			}
		}
	}
	if acts != 216 || said < 130 {
		t.Errorf("%d acts, %d of them with a rule that can be compared", acts, said)
	}
}

// isBy reports whether a message is about the program of a name, or about one that
// it started.
func isBy(f *record.Fields, name string) bool {
	profile := f[record.FProfile]
	whole := len(name) < 15 // the kernel cuts a name there
	return profile == name || strings.HasPrefix(profile, name+"//") || whole && f[record.FComm] == name
}

func saidAll(events []record.Fields) (all []says) {
	for i := range events {
		all = append(all, said(&events[i]))
	}
	return all
}

// act is what an event must say, by field; a mask must be among the letters or
// words.
type act map[record.Field]string

func (a act) meets(f *record.Fields) bool {
	for field, want := range a {
		got := f[field]
		switch field {
		case record.FDeniedMask:
			if got == "" {
				got = f[record.FDenied]
			}
			if got == "" && f[record.FVerdict] == "AUDIT" {
				got = f[record.FRequestedMask]
			}
			if !overlap(got, want) {
				return false
			}
		case record.FFlags:
			for _, word := range strings.Split(want, ",") {
				if !strings.Contains(", "+got+",", ", "+strings.TrimPrefix(word, "make-")+",") {
					return false
				}
			}
		case record.FPeerAddr:
			if got != "" && got != want { // some kernels do not say it
				return false
			}
		default:
			if got != want {
				return false
			}
		}
	}
	return true
}

// overlap reports whether a mask of the log asks for something that a rule gives.
func overlap(got, want string) bool {
	if strings.Contains(want, ",") || len(want) > 4 { // words
		for _, w := range strings.Fields(got) {
			if strings.Contains(","+strings.ReplaceAll(want, " ", "")+",", ","+w+",") {
				return true
			}
		}
		return false
	}
	return strings.ContainsAny(strings.NewReplacer("c", "w", "d", "w", "a", "wa").Replace(got), want)
}

var (
	fileAct    = regexp.MustCompile(`^(?:owner )?("?)(/.*?)("?) ([rwaxmkl]+|m?r?[ipcu]x)(?: -> .*)?$`)
	capAct     = regexp.MustCompile(`^capability (\w+)$`)
	netAct     = regexp.MustCompile(`^network (\w+) (\w+)$`)
	unixAct    = regexp.MustCompile(`^unix \(([^)]*)\) type=(\w+)(?: addr="(.*?)")?(?: peer=\(addr="(.*?)"\))?$`)
	signalAct  = regexp.MustCompile(`^signal \((\w+)\) set=\((\S+)\) peer=(\w+)$`)
	ptraceAct  = regexp.MustCompile(`^ptrace \(([^)]*)\) peer=(\w+)$`)
	mountAct   = regexp.MustCompile(`^mount(?: fstype=(\w+))?(?: options=\(([^)]*)\))?(?: (\S+))? -> (\S+)$`)
	umountAct  = regexp.MustCompile(`^umount (\S+)$`)
	changeAct  = regexp.MustCompile(`^change_profile -> (\w+)$`)
	escapedAct = regexp.MustCompile(`\\([0-7]{3}|x[0-9a-f]{2}|.)`)
)

// actsOf reads the rules of a row, if the form of each says all about its act: no
// globs, no variables.
func actsOf(rules string) (all []act) {
	for _, rule := range strings.SplitAfter(rules, ", ") {
		rule = strings.TrimRight(rule, ", ")
		switch {
		case fileAct.MatchString(rule):
			m := fileAct.FindStringSubmatch(rule)
			if name := unescapeAct(m[2]); m[1] == m[3] && !strings.ContainsAny(escapedAct.ReplaceAllString(m[2], ""), "*?[{@") {
				mask := m[4]
				if strings.HasSuffix(mask, "x") {
					mask = "x"
				}
				all = append(all, act{record.FName: name, record.FDeniedMask: mask})
			} else {
				return nil
			}
		case capAct.MatchString(rule):
			all = append(all, act{record.FClass: classCap, record.FCapname: capAct.FindStringSubmatch(rule)[1]})
		case netAct.MatchString(rule):
			m := netAct.FindStringSubmatch(rule)
			a := act{record.FClass: classNet, record.FFamily: m[1], record.FSockType: m[2]}
			if m[2] == "tcp" {
				a[record.FSockType], a[record.FProtocol] = "stream", "6"
			}
			all = append(all, a)
		case unixAct.MatchString(rule):
			m := unixAct.FindStringSubmatch(rule)
			a := act{record.FFamily: "unix", record.FSockType: m[2], record.FDeniedMask: m[1] + ","}
			if m[4] != "" {
				a[record.FPeerAddr] = m[4]
			}
			all = append(all, a)
		case signalAct.MatchString(rule):
			m := signalAct.FindStringSubmatch(rule)
			all = append(all, act{record.FClass: classSignal, record.FDeniedMask: m[1] + ",", record.FSignal: m[2], record.FPeer: m[3]})
		case ptraceAct.MatchString(rule):
			m := ptraceAct.FindStringSubmatch(rule)
			all = append(all, act{record.FClass: classPtrace, record.FDeniedMask: m[1] + ",", record.FPeer: m[2]})
		case mountAct.MatchString(rule):
			m := mountAct.FindStringSubmatch(rule)
			a := act{record.FClass: classMount, record.FOperation: "mount", record.FName: m[4]}
			for i, field := range []record.Field{record.FFstype, record.FFlags, record.FSrcname} {
				if m[i+1] != "" {
					a[field] = m[i+1]
				}
			}
			all = append(all, a)
		case umountAct.MatchString(rule):
			all = append(all, act{record.FClass: classMount, record.FOperation: "umount", record.FName: umountAct.FindStringSubmatch(rule)[1]})
		case changeAct.MatchString(rule):
			all = append(all, act{record.FTarget: changeAct.FindStringSubmatch(rule)[1]})
		default:
			return nil
		}
	}
	return all
}

// unescapeAct undoes the escapes of a name in a rule.
func unescapeAct(name string) string {
	return escapedAct.ReplaceAllStringFunc(name, func(s string) string {
		if n, err := strconv.ParseUint(s[1:], 8, 8); err == nil && len(s) == 4 {
			return string([]byte{byte(n)})
		}
		switch s[1] {
		case 'x':
			return unhex(s[2:])
		case 't':
			return "\t"
		case 'n':
			return "\n"
		}
		return s[1:]
	})
}
