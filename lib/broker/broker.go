package broker

import (
	"fmt"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
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
	hints   []string
	told    map[string]bool // the paths of files about which there was a hint
}

// A target is a Target with its language and what was collected for it.
type target struct {
	Target
	lang    language
	pending map[string]*pending // by base name of the file
	places  map[string]place    // of the policy's profiles, by name
	folded  map[string]string   // names in pending, by what a folder that ignores case takes for the same
	strange int                 // files in pending of profiles that no policy has
	made    map[string]bool     // such files that were not there
}

// pending is what one file is to get.
type pending struct {
	place
	rules map[string]struct{}
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
	b := &Broker{sys: sys, opts: o, told: map[string]bool{}}
	for i, t := range o.Targets {
		dir, err := b.folder(t.Folder, t.Path)
		if err != nil {
			return nil, err
		}
		t.Folder = dir
		b.targets = append(b.targets, &target{
			Target: t, lang: langs[i], pending: map[string]*pending{}, folded: map[string]string{},
			places: map[string]place{}, made: map[string]bool{},
		})
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
		if r.Evidence.Trust < b.opts.Trust && b.has(t, r) {
			return nil // the same is called for by what is believed enough
		}
		if err := b.accept(t.lang, r); err != nil {
			return err
		}
		p, err := b.placeOf(t, r)
		if err != nil {
			return err
		}
		grades, err := t.lang.grade(p.profiles(), []string{r.Text})
		if err != nil {
			return refuseRule(r, err.Error(), "")
		}
		if err := b.judge(r.Lang, r.Profile, grades); err != nil {
			return err
		}
		return b.collect(t, p, r)
	}
	switch r.Lang {
	case record.AppArmor:
		return refuseRule(r, "no target takes AppArmor rules", "name a folder, such as /etc/apparmor.d/local")
	case record.Netfilter:
		return refuseRule(r, fmt.Sprintf("no target takes firewall rules in the syntax %.40q", r.Syntax), syntaxHint(r.Syntax))
	}
	return refuseRule(r, fmt.Sprintf("unknown rule language %.40q", r.Lang), "")
}

// syntaxHint says how rules in a syntax get a target. Those of others are commands,
// which nobody reads from a file.
func syntaxHint(syntax string) string {
	switch netfilter.Syntax(syntax) {
	case netfilter.NFT, netfilter.Restore:
		return "name a file, with --syntax=" + syntax
	}
	return "make rules that a file can hold: sl-iptables --syntax=nft or --syntax=iptables-restore"
}

// collect keeps an accepted rule for its file.
func (b *Broker) collect(t *target, at place, r *record.Rule) error {
	p := t.pending[at.name]
	if p == nil {
		if err := t.open(at, r); err != nil {
			return err
		}
		p = t.pending[at.name]
	}
	if p.profile != at.profile {
		return refuseRule(r, fmt.Sprintf("the profile %.200q has the same file %s", p.profile, at.name), "write the rules of the two profiles in two runs")
	}
	if _, ok := p.rules[r.Text]; ok {
		return nil
	}
	cost := len(r.Text) + ruleCost
	if b.cost+cost > maxCost {
		return refuseRule(r, fmt.Sprintf("the rules take more than %d MiB", maxCost>>20), "make fewer and more general rules")
	}
	b.cost += cost
	p.rules[strings.Clone(r.Text)] = struct{}{} // it is a part of its line, which may have 1 MiB
	return nil
}

// open begins to collect for a file.
func (t *target) open(at place, r *record.Rule) error {
	same := strings.ToLower(at.name)
	if other := t.folded[same]; other != "" {
		return refuseRule(r, fmt.Sprintf("its file %s is called like %s but for the case", at.name, other), "write the rules of the two profiles in two runs")
	}
	if !at.known && t.Name == "" {
		if t.strange >= maxFiles {
			return refuseRule(r, tooManyFiles, "")
		}
		t.strange++
	}
	t.folded[same] = at.name
	t.pending[at.name] = &pending{at, map[string]struct{}{}}
	return nil
}

// has reports whether the same rule was collected already.
func (b *Broker) has(t *target, r *record.Rule) bool {
	at, err := b.placeOf(t, r)
	if err != nil || t.pending[at.name] == nil || t.pending[at.name].profile != at.profile {
		return false
	}
	_, ok := t.pending[at.name].rules[r.Text]
	return ok
}

// forget drops what was collected.
func (b *Broker) forget() {
	for _, t := range b.targets {
		clear(t.pending)
		clear(t.folded)
		t.strange = 0
	}
	b.cost = 0
}
