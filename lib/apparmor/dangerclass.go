package apparmor

// classDangers are the levels of rules that are not about files. The first row of
// the class whose conditions all hold is the one that counts; the last row of a
// class has none.
//
// A condition is "attribute=pattern", with the names of the attributes as records
// have them: one of the values can be matched by the pattern. "attribute==pattern"
// asks for no other value than such, "attribute=" for no value at all.
//
// Of the capabilities, capabilities(7) says what each allows.
var classDangers = []struct {
	class Class
	when  string
	level uint8
	why   string
}{
	{ClassCapability, "capability=mac_admin", 10, "changes the AppArmor policy"},
	{ClassCapability, "capability=mac_override", 10, "overrides mandatory access control"},
	{ClassCapability, "capability=sys_module", 9, "loads code into the kernel"},
	{ClassCapability, "capability=sys_rawio", 9, "reaches memory and devices past the kernel"},
	{ClassCapability, "capability=sys_admin", 8, "administers the system: mounts, namespaces, devices"},
	{ClassCapability, "capability=setfcap", 8, "gives capabilities to programs"},
	{ClassCapability, "capability=sys_boot", 7, "restarts the system or loads another kernel"},
	{ClassCapability, "capability=sys_ptrace", 7, "reads and changes any process"},
	{ClassCapability, "capability=bpf", 7, "loads programs into the kernel"},
	{ClassCapability, "capability=dac_override", 7, "ignores the permissions of files"},
	{ClassCapability, "capability=setpcap", 7, "changes its capability sets"},
	{ClassCapability, "capability=mknod", 7, "makes device files"},
	{ClassCapability, "capability=audit_control", 7, "changes the audit rules"},
	{ClassCapability, "capability=checkpoint_restore", 7, "restores the state of processes"},
	{ClassCapability, "capability=dac_read_search", 6, "reads any file"},
	{ClassCapability, "capability=chown", 6, "gives files to anybody"},
	{ClassCapability, "capability=fowner", 6, "acts as the owner of any file"},
	{ClassCapability, "capability=net_admin", 6, "configures the network"},
	{ClassCapability, "capability=ipc_owner", 6, "ignores the permissions of IPC objects"},
	{ClassCapability, "capability=perfmon", 6, "observes the kernel and all processes"},
	{ClassCapability, "capability=setuid", 5, "becomes any user"},
	{ClassCapability, "capability=setgid", 5, "becomes any group"},
	{ClassCapability, "capability=fsetid", 5, "keeps setuid bits on changed files"},
	{ClassCapability, "capability=linux_immutable", 5, "changes immutable files"},
	{ClassCapability, "capability=net_raw", 5, "forges and reads packets"},
	{ClassCapability, "capability=sys_time", 5, "sets the clock"},
	{ClassCapability, "capability=audit_read", 5, "reads the audit log"},
	{ClassCapability, "capability=kill", 4, "signals any process"},
	{ClassCapability, "capability=sys_chroot", 4, "changes its root"},
	{ClassCapability, "capability=sys_resource", 4, "exceeds resource limits"},
	{ClassCapability, "capability=sys_tty_config", 4, "configures terminals"},
	{ClassCapability, "capability=syslog", 4, "reads the kernel's log and addresses"},
	{ClassCapability, "capability=audit_write", 3, "writes audit records"},
	{ClassCapability, "capability=sys_pacct", 3, "configures process accounting"},
	{ClassCapability, "capability=net_bind_service", 2, "listens on ports below 1024"},
	{ClassCapability, "capability=net_broadcast", 2, "broadcasts"},
	{ClassCapability, "capability=ipc_lock", 2, "locks memory"},
	{ClassCapability, "capability=lease", 2, "takes leases on files"},
	{ClassCapability, "capability=sys_nice", 2, "changes priorities"},
	{ClassCapability, "capability=block_suspend", 1, "keeps the system awake"},
	{ClassCapability, "capability=wake_alarm", 1, "wakes the system"},
	{ClassCapability, "", 8, "is a capability that is not known here"},

	{ClassNetwork, "family=netlink sock_type=raw", 4, "talks to the kernel by netlink"},
	{ClassNetwork, "sock_type=raw", 6, "forges and reads packets"},
	{ClassNetwork, "family=packet", 6, "forges and reads packets"},
	{ClassNetwork, "", 3, "uses the network"},

	{ClassUnix, "access=connect peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "access=send peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "access=receive peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "access=accept peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "", 2, "uses a Unix socket"},

	{ClassSignal, "access=send peer=unconfined", 4, "signals processes that are not confined"},
	{ClassSignal, "", 2, "signals"},

	{ClassPtrace, "access=trace peer=unconfined", 9, "takes over processes that are not confined"},
	{ClassPtrace, "access=trace", 7, "takes over processes of another profile"},
	{ClassPtrace, "access=read peer=unconfined", 5, "reads the state of processes that are not confined"},
	{ClassPtrace, "access=read", 4, "reads the state of processes of another profile"},
	{ClassPtrace, "", 3, "is traced"},

	{ClassMount, "options=remount", 8, "remounts; with options, apparmor_parser before 4 also allows a new mount there (CVE-2016-1585)"},
	{ClassMount, "", 8, "mounts: paths no longer mean what the profile says"},
	{ClassUmount, "", 6, "unmounts"},
	{ClassPivotRoot, "", 8, "changes the root file system"},

	{ClassChangeProfile, "stack=true", 3, "adds a profile to its own"},
	{ClassChangeProfile, "to=unconfined", 10, "leaves its confinement"},
	{ClassChangeProfile, "", 5, "changes to another profile"},

	{ClassDBus, "access=eavesdrop", 7, "reads the messages of others"},
	{ClassDBus, "access=bind", 3, "owns a name on the bus"},
	{ClassDBus, "access=send bus==session", 4, "sends messages"},
	{ClassDBus, "access=send member==Get*", 4, "sends messages"},
	{ClassDBus, "access=send member==List*", 4, "sends messages"},
	{ClassDBus, "access=send member==Lookup*", 4, "sends messages"},
	{ClassDBus, "access=send peer_name=org.freedesktop.systemd1", 8, "tells the service manager what to run"},
	{ClassDBus, "access=send interface=org.freedesktop.systemd1.**", 8, "tells the service manager what to run"},
	{ClassDBus, "access=send peer_name=org.freedesktop.PackageKit", 8, "installs software"},
	{ClassDBus, "access=send interface=org.freedesktop.PackageKit**", 8, "installs software"},
	{ClassDBus, "access=send", 4, "sends messages"},
	{ClassDBus, "", 2, "receives messages"},

	{ClassUserns, "", 7, "makes user namespaces, a way to the kernel's less tested parts"},
	{ClassIOUring, "access=override_creds", 6, "acts with the credentials of another profile"},
	{ClassIOUring, "", 5, "makes a kernel thread that works for it"},
	{ClassMqueue, "", 2, "uses a message queue"},
	{ClassRlimit, "", 2, "sets a resource limit"},
}
