package cmd_test

// loopFiles are what the profiles of loopRuns include, and those of others.
var loopFiles = map[string]string{
	// what the runtime of Go looks at when a program starts
	"abstractions/act": `
  /t/* mr,
  @{sys}/kernel/mm/transparent_hugepage/hpage_pmd_size r,
  @{PROC}/@{pid}/cgroup r,
`,
	"peers": `
profile peer_a { file, signal, ptrace, }
profile peer_b { file, signal, ptrace, }
profile px_tool /x/px_tool { /x/* r, }
`,
}

const (
	attributes = "/proc/[0-9]*/{,task/[0-9]*/}attr/** rw,"
	raw        = "capability net_raw,"
	admin      = "capability sys_admin,"
	sockets    = "network,"
	capFiles   = "/cap/* rwk,"
)

// loopRuns are all loops there are.
var loopRuns = []loopRun{
	// /dev/kmsg has all that was logged since the start, so this run is the first.
	{name: "0-kmsg", carrier: "kmsg", loops: []loop{
		{"read", "", "read /f/x", "read /f/y\nwrite /f/x\nlock /f/x"},
		{"write", "", "write /f/x", "write /f/y\nread /f/x"},
		{"rdwr", "", "rdwr /f/x", "rdwr /f/y\nmap /f/x"},
		{"append", "", "append /f/x", "append /f/y\nwrite /f/x"},
		{"empty", "", "empty /f/x", "empty /f/y"},
		{"truncate", "", "truncate /f/x", "truncate /f/y"},
		{"create", "", "create /f/new", "create /f/new2"},
		{"list", "", "list /f/folder/", "list /f/folder2/\nlist /f/\nread /f/folder/x"},
		{"mkdir", "", "mkdir /f/newdir/", "mkdir /f/newdir2/\ncreate /f/newdir"},
		{"rmdir", "", "rmdir /f/olddir/", "rmdir /f/olddir2/"},
		{"unlink", "", "unlink /f/old", "unlink /f/old2"},
		{"symlink", "", "symlink /f/sym", "symlink /f/sym2"},
		{"fifo", "", "fifo /f/fifo", "fifo /f/fifo2"},
		{"device", "capability mknod,", "device /f/dev", "device /f/dev2"},
		{"bindfile", sockets, "bindfile /f/sock", "bindfile /f/sock2"},
		{"chmod", "", "chmod /f/x", "chmod /f/y"},
		{"chown", "", "chown /f/x", "chown /f/y"},
		{"link", "", "link /f/link /f/x", "link /f/link /f/y\nlink /f/link2 /f/x"},
		{"lock", "/f/* r,", "lock /f/x", "lock /f/y\nlockout /f/x"},
		{"lockout", "/f/* rw,", "lockout /f/x", "lockout /f/y"},
		{"map", "/f/* r,", "map /f/x", "map /f/y"},
		{"protect", "/f/* r,", "protect /f/x", "protect /f/y"},
		{"process", "", "read /proc/self/status", "read /proc/self/limits"},
		{"system", "", "read /proc/sys/kernel/hostname", "read /proc/sys/kernel/domainname"},
		{"random", "", "read /dev/urandom", "read /dev/zero"},

		{"owned", "", "read /f/own", "of 1000 read /f/own"},
		{"foreign", "", "of 1000 read /f/foreign", "of 1000 read /f/foreign2"},
		{"user", "", "as 1000 of 1000 rdwr /f/user", "as 1000 rdwr /f/user\nof 1000 rdwr /f/user"},
		{"home", "", "as 1000 of 1000 read /home/u/notes", "as 1000 of 1000 read /home/u/other\nas 1000 read /home/u/notes"},

		{"blank", "", "read /f/a%20b", "read /f/a\nread /f/b"},
		{"blanks", "", "read /f/%20x%20", "read /f/x"},
		{"quote", "", `read /f/a"b`, "read /f/ab\nread /f/a"},
		{"apostrophe", "", "read /f/a'b", "read /f/ab"},
		{"star", "", "read /f/a*b", "read /f/aXb\nread /f/ab"},
		{"question", "", "read /f/a?b", "read /f/aXb"},
		{"class", "", "read /f/a[bc]", "read /f/ab\nread /f/ac"},
		{"braces", "", "read /f/{a,b}", "read /f/a\nread /f/b"},
		{"variable", "", "read /f/@{HOME}x", "read /f//home/u/x\nread /f/x"},
		{"backslash", "", `read /f/a\b`, "read /f/ab\nread " + `/f/a\\b`},
		{"octal", "", `read /f/\101`, "read /f/A"},
		{"comma", "", "read /f/a,%20r,", "read /f/a"},
		{"hash", "", "read /f/#include", "read /f/include"},
		{"caret", "", "read /f/[^a]", "read /f/b"},
		{"utf8", "", "read /f/%c3%a9", "read /f/%c3%a8\nread /f/%c3"},
		{"latin1", "", "read /f/h%e9", "read /f/h%e8\nread /f/h%c3%a9"},
		{"hexlike", "", "read /f/2F62", "read /b"},

		{"cap_chown", capFiles, "cap chown", "cap fowner"},
		{"cap_dac", capFiles, "cap dac_override", "cap chown"},
		{"cap_fowner", capFiles, "cap fowner", "cap chown"},
		{"cap_lock", "", "cap ipc_lock", "cap sys_nice"},
		{"cap_lease", capFiles, "cap lease", "cap setfcap"},
		{"cap_net", sockets, "cap net_admin", "cap net_raw"},
		{"cap_port", sockets, "cap net_bind_service", "cap net_raw"},
		{"cap_raw", sockets, "cap net_raw", "cap net_admin"},
		{"cap_setfcap", capFiles, "cap setfcap", "cap lease"},
		{"cap_setgid", "", "cap setgid", "cap setuid"},
		{"cap_setpcap", "", "cap setpcap", "cap setgid"},
		{"cap_setuid", "", "cap setuid", "cap setgid"},
		{"cap_admin", "", "cap sys_admin", "cap sys_time"},
		{"cap_boot", "", "cap sys_boot", "cap sys_pacct"},
		{"cap_chroot", "", "cap sys_chroot", "cap sys_admin"},
		{"cap_mknod", capFiles, "cap mknod", "cap chown"},
		{"cap_nice", "", "cap sys_nice", "cap sys_resource"},
		{"cap_pacct", "", "cap sys_pacct", "cap sys_boot"},
		{"cap_resource", "", "cap sys_resource", "cap sys_nice"},
		{"cap_time", "", "cap sys_time", "cap sys_admin"},
		{"cap_tty", "", "cap sys_tty_config", "cap sys_admin"},
		// The kernel asks for sys_admin where syslog is denied, and logs both: the rules
		// have both.
		{"cap_syslog", "", "cap syslog", "cap sys_time"},

		{"net_stream", "", "socket inet stream", "socket inet dgram\nsocket inet6 stream"},
		{"net_dgram", "", "socket inet dgram", "socket inet stream"},
		{"net_raw", raw, "socket inet raw", "socket inet dgram\nsocket inet6 raw"},
		{"net_inet6", "", "socket inet6 stream", "socket inet stream"},
		{"net_netlink", "", "socket netlink raw", "socket netlink dgram"},
		{"net_packet", raw, "socket packet raw", "socket packet dgram\nsocket inet raw"},
		{"net_connect", "", "connect 127.0.0.1:9", "connect [::1]:9"},
		{"net_send", "", "send [::1]:9", "send 127.0.0.1:9"},
		{"unix_stream", "", "socket unix stream", "socket unix dgram"},
		{"unix_dgram", "", "socket unix dgram", "socket unix seqpacket"},
		{"unix_pair", "", "pair stream", "pair dgram"},

		{"sig_term", "", "kill peer:unconfined term", "kill peer:unconfined usr1\nkill peer:peer_a term"},
		{"sig_peer", "", "kill peer:peer_a usr1", "kill peer:peer_b usr1\nkill peer:peer_a usr2"},
		{"sig_rt", "", "kill peer:peer_a rtmin+4", "kill peer:peer_a rtmin+5"},
		{"sig_exists", "", "kill peer:peer_a exists", "kill peer:peer_a cont"},
		{"sig_receive", "", "receive winch", "receive hup"},
		{"trace", "", "trace peer:peer_a", "trace peer:peer_b\ninspect peer:peer_a"},
		{"inspect", "", "inspect peer:peer_a", "inspect peer:peer_b\ntrace peer:peer_a"},

		{"mount", admin, "mount tmpfs rw none /m/x/", "mount tmpfs rw none /m/y/\nmount proc rw none /m/x/"},
		{"mount_opts", admin, "mount tmpfs nosuid,nodev,noexec none /m/x/", "mount tmpfs nosuid none /m/x/\nmount tmpfs rw none /m/x/"},
		{"mount_proc", admin, "mount proc ro proc /m/x/", "mount proc rw proc /m/x/"},
		{"bind", admin, "bind /m/src/ /m/x/", "bind /m/src2/ /m/x/\nrbind /m/src/ /m/x/"},
		{"rbind", admin, "rbind /m/src/ /m/x/", "rbind /m/src/ /m/y/\nbind /m/src/ /m/x/"},
		{"remount", admin, "remount remount,ro /m/x/", "remount remount,ro /m/y/\nremount remount,nosuid /m/x/"},
		{"private", admin, "propagate private /m/x/", "propagate private /m/y/\npropagate slave /m/x/"},
		{"move", admin, "move /m/from/ /m/to/", "move /m/from2/ /m/to/\nmove /m/from/ /m/to2/"},
		{"umount", admin, "umount /m/x/", "umount /m/y/"},
		{"pivot", admin, "pivot /m/root/old/ /m/root/", "pivot /m/root/old2/ /m/root/"},

		{"change", attributes, "change peer_a", "change peer_b"},
		{"onexec", attributes, "onexec peer_a", "onexec peer_b"},
		{"limit", "capability sys_resource, set rlimit core <= 100,", "limit core 200", "limit core 201"},
	}},
	// The kernel asks for one thing after another here, and stops at the first that
	// is denied.
	{name: "1-rounds", carrier: "dmesg", rounds: 3, loops: []loop{
		{"rename", "", "rename /f/from /f/to", "rename /f/from /f/to2\nrename /f/from2 /f/to"},
		{"replace", "", "replace /f/from /f/to", "replace /f/to /f/from"},
		{"exchange", "", "exchange /f/from /f/to", "exchange /f/from /f/other"},
		{"log", "", "log /f/log", "log /f/log2\nread /f/log"},
	}},
	{name: "2-complain", carrier: "dmesg", flags: "complain", options: "--exec=ix", loops: []loop{
		{"learn_file", "", "rdwr /f/x", "rdwr /f/y"},
		{"learn_cap", "", "cap sys_admin", "cap sys_time"},
		{"learn_net", "", "socket inet dgram", "socket inet stream"},
		{"learn_signal", "", "kill peer:peer_a hup", "kill peer:peer_a int"},
		{"learn_exec", "", "execcat /x/cat /f/x", "execcat /x/cat /f/y\nexeccat /x/cat2 /f/x"},
	}},
	{name: "3-kill", carrier: "dmesg", flags: "kill", loops: []loop{
		{"kill_read", "", "read /f/x", "read /f/y"},
		{"kill_net", "", "socket inet stream", "socket inet dgram"},
	}},
	{name: "4-ix", carrier: "raw", options: "--exec=ix", loops: []loop{
		{"exec_ix", "", "exec /x/ix_tool", "exec /x/ix_tool2"},
	}},
	{name: "5-px", carrier: "dmesg", options: "--exec=px", loops: []loop{
		{"exec_px", "", "exec /x/px_tool", "exec /x/px_tool2"},
	}},
	{name: "6-cx", carrier: "dmesg", options: "--exec=cx", loops: []loop{
		{"exec_cx", "profile /x/cx_tool { /x/* r, }", "exec /x/cx_tool", "exec /x/cx_tool2"},
	}},
}
