package propose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

func TestAddRuleRefuses(t *testing.T) {
	const good = "add rule inet filter sl-input ip saddr 192.0.2.1 tcp dport 22 accept"
	rule := func(change func(*record.Rule)) *record.Rule {
		r := &record.Rule{Lang: record.Netfilter, Syntax: "nft", Text: good, Evidence: record.Evidence{Count: 1}}
		change(r)
		return r
	}
	set := Options{Mode: Block, Syntax: netfilter.IPSet}
	if err := newProposer(t, Options{}).AddRule(rule(func(*record.Rule) {})); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		opts   Options
		change func(*record.Rule)
	}{
		"another language":              {Options{}, func(r *record.Rule) { r.Lang = record.AppArmor }},
		"another syntax":                {Options{}, func(r *record.Rule) { r.Syntax = "iptables" }},
		"no syntax":                     {Options{}, func(r *record.Rule) { r.Syntax = "" }},
		"not a rule":                    {Options{}, func(r *record.Rule) { r.Text = "flush ruleset" }},
		"two rules":                     {Options{}, func(r *record.Rule) { r.Text = good + "\n" + good }},
		"no evidence":                   {Options{}, func(r *record.Rule) { r.Evidence.Count = 0 }},
		"no words for it in the output": {set, func(*record.Rule) {}},
	} {
		p := newProposer(t, tt.opts)
		if err := p.AddRule(rule(tt.change)); err == nil {
			t.Errorf("%s: taken", name)
		}
		if rules, err := p.Rules(); err != nil || len(rules) > 0 {
			t.Errorf("%s: %+v %v", name, rules, err)
		}
	}
}

// A rule in one syntax comes out in another.
func TestAddRuleTranslates(t *testing.T) {
	p := newProposer(t, Options{Syntax: netfilter.Restore})
	rule := &record.Rule{Lang: record.Netfilter, Syntax: "nft", Evidence: record.Evidence{Count: 1},
		Text: "add rule inet filter sl-input ip saddr 192.0.2.1 tcp dport { 22, 80-90 } accept"}
	if err := p.AddRule(rule); err != nil {
		t.Fatal(err)
	}
	got := texts(t, p)
	if want := "-4 -A SL-INPUT -s 192.0.2.1/32 -p tcp -m multiport --dports 22,80:90 -j ACCEPT"; len(got) != 1 || got[0] != want {
		t.Errorf("%q", got)
	}
}

// Lines of each trust make a rule of their own, the best first.
func TestTrustRuleOfEach(t *testing.T) {
	p := newProposer(t, Options{})
	for _, trust := range []record.Trust{record.TrustKernel, record.TrustLog, record.TrustDaemon, record.TrustLog} {
		ev := event(t, in4+tcp)
		ev.Trust = trust
		if err := p.AddEvent(ev); err != nil {
			t.Fatal(err)
		}
	}
	rules, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[record.Trust]uint64)
	for _, r := range rules {
		got[r.Evidence.Trust] = r.Evidence.Count
	}
	want := map[record.Trust]uint64{record.TrustKernel: 1, record.TrustDaemon: 1, record.TrustLog: 2}
	if d := cmp.Diff(want, got); d != "" || len(rules) != 3 || rules[0].Evidence.Trust != record.TrustKernel {
		t.Errorf("%+v: %s", rules, d)
	}
}
