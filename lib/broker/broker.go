package broker

import (
	"fmt"

	"github.com/sl-suite/sl/lib/record"
)

// A Broker collects rules and writes them. It is not safe for concurrent use.
type Broker struct {
	sys     system
	opts    Options
	targets []*target
	state   *file
	folders []*folder
	cost    int // of all collected rules, in bytes
}

// A target is a Target with its language and what was collected for it.
type target struct {
	Target
	lang    language
	pending map[string]*pending // by base name of the file
}

// pending is what one file is to get.
type pending struct {
	profile string // AppArmor: the only one whose rules go there
	rules   map[string]struct{}
}

// The collected rules may take maxCost bytes, with ruleCost for each rule
// beside its text.
const (
	maxCost  = 2 * maxFile
	ruleCost = 128
)

// New returns a broker for folders that are open. It makes no system call but
// one fstat for each. Errors are mistakes in the options.
func New(o Options) (*Broker, error) {
	langs := make([]language, len(o.Targets))
	for i, t := range o.Targets {
		lang, err := languageOf(t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Path, err)
		}
		langs[i] = lang
	}
	return newBroker(o, langs, kernel{})
}

func newBroker(o Options, langs []language, sys system) (*Broker, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	b := &Broker{sys: sys, opts: o}
	for i, t := range o.Targets {
		dir, err := b.folder(t.Folder, t.Path)
		if err != nil {
			return nil, err
		}
		t.Folder = dir
		b.targets = append(b.targets, &target{Target: t, lang: langs[i], pending: map[string]*pending{}})
	}
	if s := o.State; s != nil {
		dir, err := b.folder(s.Folder, s.Path)
		if err != nil {
			return nil, err
		}
		b.state = &file{dir, s.Name, s.Path}
	}
	return b, nil
}

// AddRule takes a rule in for the next Commit, or returns a *Refusal that says
// why not.
func (b *Broker) AddRule(r *record.Rule) error {
	for _, t := range b.targets {
		if !t.takes(r.Lang, r.Syntax) {
			continue
		}
		if err := b.accept(t.lang, r); err != nil {
			return err
		}
		return b.collect(t, r)
	}
	switch r.Lang {
	case record.AppArmor:
		return refuseRule(r, "no target takes AppArmor rules", "name a folder, such as /etc/apparmor.d/local")
	case record.Netfilter:
		return refuseRule(r, fmt.Sprintf("no target takes firewall rules in the syntax %.40q", r.Syntax), "name a file for that syntax")
	}
	return refuseRule(r, fmt.Sprintf("unknown rule language %.40q", r.Lang), "")
}

// collect keeps an accepted rule for its file.
func (b *Broker) collect(t *target, r *record.Rule) error {
	profile, name, err := t.fileOf(r)
	if err != nil {
		return refuseRule(r, err.Error(), "")
	}
	p := t.pending[name]
	if p == nil {
		p = &pending{profile, map[string]struct{}{}}
		t.pending[name] = p
	}
	if p.profile != profile {
		return refuseRule(r, fmt.Sprintf("the profile %.200q has the same file %s", p.profile, name), "write the rules of the two profiles in two runs")
	}
	if _, ok := p.rules[r.Text]; ok {
		return nil
	}
	cost := len(r.Text) + ruleCost
	if b.cost+cost > maxCost {
		return refuseRule(r, fmt.Sprintf("the rules take more than %d MiB", maxCost>>20), "make fewer and more general rules")
	}
	b.cost += cost
	p.rules[r.Text] = struct{}{}
	return nil
}

// forget drops what was collected.
func (b *Broker) forget() {
	for _, t := range b.targets {
		clear(t.pending)
	}
	b.cost = 0
}
