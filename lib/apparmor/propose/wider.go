package propose

import (
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/policy"
)

// wider returns the rule of an entry with what stands for names that are others at
// every run or on every machine, and with what a second start needs; made names what
// was done, and is nil where nothing was.
func (p *Proposer) wider(in *policy.Profile, e *ruleEntry) (r apparmor.Rule, made []string) {
	r = e.rule
	if p.options.Exact {
		return r, nil
	}
	switch b := r.Body.(type) {
	case apparmor.File:
		if b.Exec != apparmor.NoExec {
			return p.runnable(r, b)
		}
		return p.withVariables(in, e)
	case apparmor.Unix:
		return p.widerUnix(r, b)
	case apparmor.DBus:
		return p.widerDBus(r, b)
	case apparmor.Network:
		return p.widerNetwork(r, b)
	}
	return r, nil
}

// startMade is the name of what runnable does, in the record of a rule.
const startMade = "start"

// runnable adds what the program that is run in the same profile is denied next: it
// is read, and mapped to be run.
func (p *Proposer) runnable(r apparmor.Rule, f apparmor.File) (apparmor.Rule, []string) {
	const start = apparmor.Read | apparmor.Mmap
	if p.options.Exec != Inherit || f.Exec != apparmor.IX || start.Minus(f.Access) == 0 {
		return r, nil
	}
	f.Access = f.Access.Union(start)
	r.Body = f
	return r, []string{startMade}
}

func (p *Proposer) widerUnix(r apparmor.Rule, u apparmor.Unix) (apparmor.Rule, []string) {
	if p.options.NoVariables {
		return r, nil
	}
	var made []string
	for _, addr := range []*apparmor.Pattern{&u.Addr, &u.PeerAddr} {
		wide, word := widerAddr(*addr)
		if *addr = wide; word != "" {
			made = mergeMade(made, []string{word})
		}
	}
	r.Body = u
	return r, made
}

// connectionMade is the name of what widerDBus does, in the record of a rule.
const connectionMade = ":1.*"

// widerDBus puts a glob for the number of a connection to the bus, which is another
// one each time.
func (p *Proposer) widerDBus(r apparmor.Rule, d apparmor.DBus) (apparmor.Rule, []string) {
	name, ok := d.PeerName.Literal()
	number, unique := strings.CutPrefix(name, ":1.")
	if !ok || !unique || !decimal(number) || p.options.NoVariables {
		return r, nil
	}
	connection, err := apparmor.Literal(":1.")
	if err != nil {
		return r, nil
	}
	d.PeerName = connection.Join(apparmor.AnyName())
	r.Body = d
	return r, []string{connectionMade}
}

// decimal reports whether the text is digits.
func decimal(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// portMade is the name of what widerNetwork does, in the record of a rule.
const portMade = "port"

// addressMade is the name of leaving out addresses that the parser would drop.
const addressMade = "address"

// firstEphemeral is the lowest port that the kernel chooses for a socket that
// connects (net.ipv4.ip_local_port_range).
const firstEphemeral = 32768

// widerNetwork leaves out the address and port of a socket that has connected to
// another: the kernel chose them, others each time.
func (p *Proposer) widerNetwork(r apparmor.Rule, n apparmor.Network) (apparmor.Rule, []string) {
	if p.options.Policy != nil && !p.options.Policy.Addresses() && (n.Local != apparmor.Endpoint{} || n.Peer != apparmor.Endpoint{}) {
		n.Local, n.Peer = apparmor.Endpoint{}, apparmor.Endpoint{}
		r.Body = n
		return r, []string{addressMade}
	}
	if p.options.NoVariables || !n.Local.HasPort || n.Local.Port < firstEphemeral || !n.Peer.HasPort || n.Peer.Port >= n.Local.Port {
		return r, nil
	}
	n.Local = apparmor.Endpoint{}
	r.Body = n
	return r, []string{portMade}
}
