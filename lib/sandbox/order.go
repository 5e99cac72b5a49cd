package sandbox

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// marker is the variable of the environment that tells the second start that it
// is one.
const marker = "SANDBOX_SECOND_START"

// An order is what the first start tells the second. It can be forged, so it may
// only say where descriptors stand, add demands and explain; it never excuses a
// layer that must hold.
type order struct {
	role       Role
	which      int  // of the companions that the program knows
	namespaces bool // namespaces and the empty root folder are there
	all        bool // every layer is demanded
	closed     bool // the bounding set is empty, the securebits are locked
	parent     int  // the process that waits for this one; 0 where there is none
	child      int  // the process that this one waits for, in waitsForAnother
	layout     layout
	scratch    string // path of Handoff.Scratch; empty where there is none
	apparmor   string // why AppArmor's layer is off; empty where it is on
	without    string // why root has no namespaces
	unnamed    string // why the UTS namespace has no name of its own
	stays      string // why root remains root, although there are other users
	alone      string // why it does where there are none

	spaceless *filterError // why there can be no namespaces; the second start is not told
}

func (o order) String() string {
	return fmt.Sprintf("2 %d %d %t %t %t %d %d %d %d %t %q %q %q %q %q %q", o.role, o.which, o.namespaces, o.all, o.closed, o.parent, o.child,
		o.layout.inputs, o.layout.folders, o.layout.blob, o.scratch, o.apparmor, o.without, o.unnamed, o.stays, o.alone)
}

// hasSocket says whether the first input is the socket between two processes.
func (o order) hasSocket() bool { return o.role == WithCompanion || o.role == CompanionItself }

// outputs are the descriptors that the process may write to: none of the caller's in a
// companion.
func (o order) outputs() []int {
	if o.role == CompanionItself {
		return nil
	}
	return []int{1, 2}
}

var errOrder = errors.New("environment: " + marker + " is not an order of the first start")

func parseOrder(s string) (order, error) {
	f := strings.SplitN(s, " ", 12)
	if len(f) != 12 || f[0] != "2" {
		return order{}, errOrder
	}
	var o order
	var errs [11]error
	role, err := strconv.ParseUint(f[1], 10, 8)
	o.role, errs[0] = Role(role), err
	o.which, errs[1] = strconv.Atoi(f[2])
	o.namespaces, errs[2] = strconv.ParseBool(f[3])
	o.all, errs[3] = strconv.ParseBool(f[4])
	o.closed, errs[4] = strconv.ParseBool(f[5])
	o.parent, errs[5] = strconv.Atoi(f[6])
	o.child, errs[6] = strconv.Atoi(f[7])
	o.layout.inputs, errs[7] = strconv.Atoi(f[8])
	o.layout.folders, errs[8] = strconv.Atoi(f[9])
	o.layout.blob, errs[9] = strconv.ParseBool(f[10])
	errs[10] = unquote(f[11], &o.scratch, &o.apparmor, &o.without, &o.unnamed, &o.stays, &o.alone)
	for _, err := range errs {
		if err != nil {
			return order{}, errOrder
		}
	}
	if o.role == FirstStart || o.role >= numberOfRoles || (o.role == waitsForAnother) != (o.child > 0) {
		return order{}, errOrder
	}
	return o, o.layout.valid(o.hasSocket())
}

// unquote reads as many quoted texts, with a blank between them.
func unquote(s string, texts ...*string) error {
	for i, text := range texts {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return err
		}
		if *text, err = strconv.Unquote(quoted); err != nil {
			return err
		}
		s = s[len(quoted):]
		if i < len(texts)-1 {
			var ok bool
			if s, ok = strings.CutPrefix(s, " "); !ok {
				return errOrder
			}
		}
	}
	if s != "" {
		return errOrder
	}
	return nil
}

// environment is the whole environment of the second start: the order, and what
// keeps the Go runtime from calls that no policy has.
func (o order) environment() []string {
	return []string{
		marker + "=" + o.String(),
		"TZ=",          // local time is UTC; else its first use opens /etc/localtime
		"GOMAXPROCS=1", // until Lock is done: fewer threads to start with
		// No prctl(PR_SET_VMA) to name mappings, no reading of cgroup files.
		"GODEBUG=decoratemappings=0,containermaxprocs=0,updatemaxprocs=0",
	}
}

// emptyEnvironment leaves nothing but the time zone, which is read late.
func emptyEnvironment() error {
	os.Clearenv()
	return os.Setenv("TZ", "")
}
