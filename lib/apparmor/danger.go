package apparmor

import "strings"

// Danger says how much the rule gives away, from 0 to 10, and why. From 9 on it
// undoes the confinement: whoever has the access can leave the profile, or
// change what confines it. A rule that denies has no danger.
func Danger(r Rule) (level uint8, why string) {
	if r.Mode == Deny {
		return 0, "denies"
	}
	return r.Body.danger()
}

// capabilityDangers: capabilities(7) says what each of them allows.
var capabilityDangers = map[string]struct {
	level uint8
	why   string
}{
	"mac_admin":          {10, "changes the AppArmor policy"},
	"mac_override":       {10, "overrides mandatory access control"},
	"sys_module":         {9, "loads code into the kernel"},
	"sys_rawio":          {9, "reaches memory and devices past the kernel"},
	"sys_admin":          {8, "administers the system: mounts, namespaces, devices"},
	"setfcap":            {8, "gives capabilities to programs"},
	"sys_boot":           {7, "restarts the system or loads another kernel"},
	"sys_ptrace":         {7, "reads and changes any process"},
	"bpf":                {7, "loads programs into the kernel"},
	"dac_override":       {7, "ignores the permissions of files"},
	"setpcap":            {7, "changes its capability sets"},
	"mknod":              {7, "makes device files"},
	"audit_control":      {7, "changes the audit rules"},
	"checkpoint_restore": {7, "restores the state of processes"},
	"dac_read_search":    {6, "reads any file"},
	"chown":              {6, "gives files to anybody"},
	"fowner":             {6, "acts as the owner of any file"},
	"net_admin":          {6, "configures the network"},
	"ipc_owner":          {6, "ignores the permissions of IPC objects"},
	"perfmon":            {6, "observes the kernel and all processes"},
	"setuid":             {5, "becomes any user"},
	"setgid":             {5, "becomes any group"},
	"fsetid":             {5, "keeps setuid bits on changed files"},
	"linux_immutable":    {5, "changes immutable files"},
	"net_raw":            {5, "forges and reads packets"},
	"sys_time":           {5, "sets the clock"},
	"audit_read":         {5, "reads the audit log"},
	"kill":               {4, "signals any process"},
	"sys_chroot":         {4, "changes its root"},
	"sys_resource":       {4, "exceeds resource limits"},
	"sys_tty_config":     {4, "configures terminals"},
	"syslog":             {4, "reads the kernel's log and addresses"},
	"audit_write":        {3, "writes audit records"},
	"sys_pacct":          {3, "configures process accounting"},
	"net_bind_service":   {2, "listens on ports below 1024"},
	"net_broadcast":      {2, "broadcasts"},
	"ipc_lock":           {2, "locks memory"},
	"lease":              {2, "takes leases on files"},
	"sys_nice":           {2, "changes priorities"},
	"block_suspend":      {1, "keeps the system awake"},
	"wake_alarm":         {1, "wakes the system"},
}

func (c Capability) danger() (uint8, string) {
	if d, ok := capabilityDangers[c.Name]; ok {
		return d.level, d.why
	}
	return 8, "is a capability that is not known here"
}

func (n Network) danger() (uint8, string) {
	switch {
	case n.Type == "raw" && n.Family == "netlink":
		return 4, "talks to the kernel by netlink"
	case n.Type == "raw" || n.Family == "packet":
		return 6, "forges and reads packets"
	}
	return 3, "uses the network"
}

func (u Unix) danger() (uint8, string) {
	if u.Access.Minus(PeerAccesses) == (Set{}) && u.PeerLabel == (Pattern{}) {
		return 3, "talks to any process by a Unix socket"
	}
	return 2, "uses a Unix socket"
}

// unconfined is the label of a process that no profile confines.
var unconfined = Pattern{"unconfined"}

func (g Signal) danger() (uint8, string) {
	if g.Access == "send" && g.Peer.overlaps(unconfined) {
		return 4, "signals processes that are not confined"
	}
	return 2, "signals"
}

var ptraceTrace, ptraceRead = PtraceAccesses.set("trace"), PtraceAccesses.set("read")

func (p Ptrace) danger() (uint8, string) {
	free := p.Peer.overlaps(unconfined)
	switch {
	case p.Access.Intersects(ptraceTrace) && free:
		return 9, "takes over processes that are not confined"
	case p.Access.Intersects(ptraceTrace):
		return 7, "takes over processes of another profile"
	case p.Access.Intersects(ptraceRead) && free:
		return 5, "reads the state of processes that are not confined"
	case p.Access.Intersects(ptraceRead):
		return 4, "reads the state of processes of another profile"
	}
	return 3, "is traced"
}

func (m Mount) danger() (uint8, string) {
	if m.Options.Intersects(remount) && m.Options != remount {
		return 8, "remounts; apparmor_parser before 4 also allows a new mount there (CVE-2016-1585)"
	}
	return 8, "mounts: paths no longer mean what the profile says"
}

func (p PivotRoot) danger() (uint8, string) { return 8, "changes the root file system" }
func (u Umount) danger() (uint8, string)    { return 6, "unmounts" }
func (Userns) danger() (uint8, string) {
	return 7, "makes user namespaces, a way to the kernel's less tested parts"
}
func (m Mqueue) danger() (uint8, string) { return 2, "uses a message queue" }
func (r Rlimit) danger() (uint8, string) { return 2, "sets a resource limit" }

func (u IOUring) danger() (uint8, string) {
	if u.Label != (Pattern{}) {
		return 6, "acts with the credentials of another profile"
	}
	return 5, "makes a kernel thread that works for it"
}

func (c ChangeProfile) danger() (uint8, string) {
	switch {
	case c.Stack:
		return 3, "adds a profile to its own"
	case c.Profile.overlaps(unconfined):
		return 10, "leaves its confinement"
	}
	return 5, "changes to another profile"
}

var dbusSend = DBusAccesses.set("send")

func (d DBus) danger() (uint8, string) {
	switch {
	case d.Access == dbusEavesdrop:
		return 7, "reads the messages of others"
	case d.Access == dbusBind:
		return 3, "owns a name on the bus"
	case !d.Access.Intersects(dbusSend):
		return 2, "receives messages"
	case d.Bus != "session" && d.tellsServiceManager():
		return 8, "tells the service manager what to run"
	}
	return 4, "sends messages"
}

// tellsServiceManager reports whether the message can be one to systemd that
// does more than ask.
func (d DBus) tellsServiceManager() bool {
	for _, question := range []string{"Get", "List", "Lookup"} {
		if strings.HasPrefix(d.Member.text, question) {
			return false
		}
	}
	return d.PeerName.overlaps(Pattern{"org.freedesktop.systemd1"}) || d.Interface.overlaps(Pattern{"org.freedesktop.systemd1.**"})
}
