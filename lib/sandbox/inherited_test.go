package sandbox

import (
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// Without a filter no probe is taken for a filter's answer, and none kills.
func TestProbesWithoutFilter(t *testing.T) {
	probes := allProbes()
	answers, err := try(probes)
	if err != nil {
		t.Fatal(err)
	}
	if underFilter() {
		t.Skip("the test is under a filter")
	}
	for i, p := range probes {
		if answers[i] <= 0 || p.isFaked(answers[i].errno()) || p.isRefusal(answers[i].errno()) && p.group != withNamespaces && p.group != withName {
			t.Errorf("%s: %v", p.name, answers[i])
		}
	}
	o := order{}
	if err := o.judge(probes, answers); err != nil || o != (order{}) {
		t.Errorf("%v: %+v", err, o)
	}
	t.Logf("%d probes", len(probes))
}

// What kills is told apart: what must be there, and what can be left out.
func TestJudgeProbes(t *testing.T) {
	probes := allProbes()
	at := func(name string) int { return slices.IndexFunc(probes, func(p probe) bool { return p.name == name }) }
	fine := make([]answer, len(probes))
	for i := range fine {
		fine[i] = answer(unix.EBADF) + 1
	}
	for _, test := range []struct {
		name          string
		answer        answer
		fails, spaces bool
		unnamed       bool
	}{
		{"seccomp", killed, true, false, false},
		{"seccomp", answer(unix.EPERM) + 1, true, false, false},
		{"landlock_create_ruleset", answer(unix.ENOSYS) + 1, false, false, false},
		{"landlock_create_ruleset", answer(unix.EPERM) + 1, true, false, false},
		{"seccomp", 1, true, false, false},
		{"capset", 1, true, false, false},
		{"mount", 1, false, true, false},
		{"landlock_restrict_self", killed, true, false, false},
		{"setgroups", answer(unix.EPERM) + 1, false, false, false},
		{"mount", killed, false, true, false},
		{"unshare", answer(unix.EPERM) + 1, false, false, false},
		{"sethostname", killed, false, false, true},
	} {
		answers := slices.Clone(fine)
		answers[at(test.name)] = test.answer
		o := order{}
		err := o.judge(probes, answers)
		if (err != nil) != test.fails || (o.spaceless != nil) != test.spaces || (o.unnamed != "") != test.unnamed {
			t.Errorf("%s %d: %v, %+v", test.name, test.answer, err, o)
		}
	}
}
