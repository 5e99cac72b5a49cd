package propose

import (
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// capability proposes the capability; where the event has number and name, they
// have to agree.
func (pr *proposal) capability() {
	name, ok := pr.get(record.FCapname)
	if !ok {
		return
	}
	if number := pr.fields[record.FCapability]; number != "" {
		n, err := strconv.ParseUint(number, 10, 64)
		if known, ok := apparmor.CapabilityName(n); err != nil || !ok || known != name {
			pr.note("unsupported", lookAt, "capability %q is not %q", number, name)
			return
		}
	}
	pr.add(apparmor.Capability{Name: name})
	if strings.Contains(pr.fields[record.FInfo], "optional") { // CAP_OPT_NOAUDIT
		pr.note("optional", "try without the capability first, or deny it", "capability %s was tried only: the kernel does without", name)
	}
}

func (pr *proposal) ioUring() {
	access := pr.fields[record.FDenied]
	switch access {
	case "":
		pr.get(record.FDenied)
	case "sqpoll":
		pr.add(apparmor.IOUring{})
	case "override_creds":
		if label, ok := pr.literal(record.FTcontext); ok {
			pr.add(apparmor.IOUring{Label: label})
		}
	default:
		pr.note("unsupported", byHand, "unknown access %q to io_uring", access)
	}
}

func (pr *proposal) namespace() {
	if denied := pr.fields[record.FDenied]; denied != "userns_create" {
		pr.note("unsupported", byHand, "unknown access %q to namespaces", denied)
		return
	}
	pr.add(apparmor.Userns{})
}

// rlimit proposes the limit that was asked for. It is a proposal in a narrower
// sense than other rules: it sets the limit as well as allowing it.
func (pr *proposal) rlimit() {
	resource, ok := pr.get(record.FRlimit)
	if !ok {
		return
	}
	value, ok := pr.get(record.FValue)
	if !ok {
		return
	}
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		pr.note("unsupported", lookAt, "%q is no limit", value)
		return
	}
	limit := apparmor.Rlimit{Resource: resource, Value: n}
	switch {
	case pr.fields[record.FInfo] == "cap_sys_resource": // prlimit(2) of a process of another profile
		pr.add(apparmor.Capability{Name: "sys_resource"})
		return
	case resource == "nice":
		pr.note("unsupported", "apparmor_parser writes 0 as -20 and 39 as 19: set rlimit nice <= the limit less 20", "no rule is made for the limit %d of nice", n)
		return
	case apparmor.Rule{Body: limit}.Check() == nil:
		pr.note("rlimit", "take the rule only if every start is to have that limit; else give the program a lower one", "a rule for %s also sets that limit for every start of the program", strconv.Quote(resource))
	}
	pr.add(limit)
}
