package cmd_test

// decisionFiles are what the profiles of decisionTable include.
var decisionFiles = map[string]string{
	"tunables/vm": `
@{ONE}=/v/one/
@{MANY}=/v/many/{a,b}/ /v/more/
@{NEST}=@{MANY}/deep @{ONE}deep
@{NEST}+=/v/added
@{num}=[0-9]{[0-9],}
@{THREE}=@{num}@{num} @{num}x
@{PROC}=/proc/
@{pid}={[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9],[1-9][0-9][0-9][0-9][0-9]}
$ON=true
$OFF=false
alias /v/real/ -> /v/alias/,
`,
	"abstractions/attr":   "@{PROC}/@{pid}/{,task/@{pid}/}attr/** rw,\n",
	"abstractions/one":    "/i/one r,\ninclude <abstractions/two>\n",
	"abstractions/two":    "/i/two r,\ndeny /i/never r,\n",
	"abstractions/all/a":  "/i/all/a r,\n",
	"abstractions/all/b":  "/i/all/b r,\n",
	"abstractions/all/b~": "/i/all/c r,\n",
	"local/includes":      "/i/local r,\ncapability sys_nice,\n",
}

// decisionTable is profiles, and acts under them, in the words of testdata/vm/act;
// "in PROFILE" before an act is for another profile of the file, "at" for a program
// to which the profile attaches. What becomes of an act stands nowhere: package
// installed says it, and the kernel.
var decisionTable = []struct {
	name string // of the profile
	text string // of its file, behind the abi and the tunables
	acts string // one a line
}{
	{"globs", `profile globs {
		/g/star/* r,
		/g/under/** r,
		/g/part* r,
		/g/par2** r,
		/g/mid/*/end r,
		/g/mid2/**/end r,
		/g/q/a?c r,
		/g/class/[a-c]x r,
		/g/not/[^a-c]x r,
		/g/alt/{one,two,three/four}/x r,
		/g/empty{,x} r,
		/g/nest/{a{b,c},d}/x r,
		/g/dir/ r,
		/g/dirs/*/ r,
		/g/oct\101l r,
		"/g/with blank/*" r,
		/g/esc\*aped r,
		/g/es2\[ab\] r,
		/g/both/{a*,*b} r,
		/g/self{,/**} r,
		/g/tail/{**,} r,
		/g/inner/{a/*,b/*/c,d} r,
		/g/wide/** r,
		deny /g/wide/no{,/**} r,
		/g/é/? r,
	}`, `
		read /g/star/x
		read /g/star/.hidden
		read /g/star/d/x
		list /g/star/
		list /g/star/d/
		write /g/star/x
		read /g/under/x
		read /g/under/d/e/x
		list /g/under/d/
		list /g/under/
		read /g/part
		read /g/partial
		read /g/part.d/x
		read /g/par2
		read /g/par2.d/x
		list /g/par2.d/
		read /g/mid/a/end
		read /g/mid/a/b/end
		read /g/mid2/a/end
		read /g/mid2/a/b/end
		read /g/mid2/end
		read /g/q/abc
		read /g/q/a.c
		read /g/q/ac
		read /g/q/abbc
		read /g/q/a%e9c
		read /g/q/a%c3%a9c
		read /g/class/ax
		read /g/class/cx
		read /g/class/dx
		read /g/class/-x
		read /g/not/ax
		read /g/not/dx
		read /g/not/%ffx
		read /g/alt/one/x
		read /g/alt/three/four/x
		read /g/alt/three/x
		read /g/alt/onetwo/x
		read /g/empty
		read /g/emptyx
		read /g/emptyy
		read /g/nest/ab/x
		read /g/nest/d/x
		read /g/nest/a/x
		read /g/nest/abc/x
		list /g/dir/
		read /g/dir/x
		list /g/dirs/x/
		list /g/dirs/x/y/
		list /g/dirs/
		read /g/octAl
		read /g/oct%5c101l
		read /g/with%20blank/x
		read /g/with%20blank2/x
		read /g/esc*aped
		read /g/escXaped
		read /g/es2[ab]
		read /g/es2a
		read /g/both/ax
		read /g/both/xb
		read /g/both/x
		list /g/self/
		list /g/self/d/
		read /g/self/d/x
		read /g/self2
		list /g/inner/a/
		read /g/inner/a/x
		read /g/inner/b/x/c
		read /g/inner/d
		read /g/inner/e
		read /g/wide/x
		list /g/wide/no/
		read /g/wide/no/x
		read /g/wide/nox
		list /g/tail/
		read /g/tail/x
		read /g/%c3%a9/x
		read /g/%c3%a9/%c3%a9
		read /g/%c3/x
	`},
	{"globs2", `profile globs2 {
		/h/dirs/**/ r,
		/h//double//x r,
		/h/*x* r,
		/h/three/***/x r,
		/h/set/[x\]] r,
		/h/set2/[a^] r,
		/h/set3/[^\]x] r,
		/h/more/{*.c,*.h,Makefile} r,
		/h/deep/{a,b/{c,d/{e,f}}}/x r,
		/h/opt{,.d{,/*}} r,
		/h/q??/** r,
		/h/hash\#x r,
		"/h/quoted, x" r,
		/h/at\@\{x\} r,
		/h/tab\tx r,
		/h/n[0-9][0-9].log r,
		/h/lib*.so* rm,
		/h/**.txt rw,
	}`, `
		list /h/dirs/a/
		list /h/dirs/a/b/
		read /h/dirs/c
		list /h/dirs/
		read /h/double/x
		read /h/x
		read /h/axb
		read /h/ab
		list /h/xd/
		read /h/three/a/b/x
		read /h/three/x
		read /h/set/x
		read /h/set/]
		read /h/set/y
		read /h/set2/^
		read /h/set2/-
		read /h/set2/b
		read /h/set3/x
		read /h/set3/y
		read /h/more/a.c
		read /h/more/.h
		read /h/more/Makefile
		read /h/more/a.o
		read /h/deep/a/x
		read /h/deep/b/c/x
		read /h/deep/b/d/f/x
		read /h/deep/b/d/x
		read /h/opt.d
		read /h/opt
		read /h/q12/a/b
		read /h/q1/a
		read /h/hash#x
		read /h/quoted,%20x
		read /h/quoted
		read /h/at@{x}
		read /h/atx
		read /h/n07.log
		read /h/n7.log
		map /h/libc.so.6
		map /h/sub/libc.so.6
		rdwr /h/any/where/a.txt
		rdwr /h/.txt
		read /h/any/txt
	`},
	{"vars", `profile vars {
		@{ONE}/x r,
		@{ONE}/** k,
		@{MANY}/x r,
		@{NEST}/* r,
		/v/num/@{num}/x r,
		/v/three/@{THREE} r,
		/v/real/file r,
		@{ONE}{deep2,@{num}} r,
		/v/name/@{profile_name} r,
		@{PROC}/@{pid}/status r,
		@{PROC}/sys/kernel/hostname r,
	}`, `
		read /v/one/x
		read /v/one/y
		lock /v/one/x
		lock /v/one/y
		read /v/many/a/x
		read /v/many/c/x
		read /v/more/x
		read /v/more/deep/y
		read /v/many/b/deep/y
		read /v/one/deep/y
		read /v/added/y
		read /v/added/y2/z
		read /v/num/1/x
		read /v/num/12/x
		read /v/num/123/x
		read /v/num/a/x
		read /v/three/1234
		read /v/three/12
		read /v/three/1x
		read /v/three/1
		read /v/real/file
		read /v/alias/file
		read /v/alias/other
		read /v/one/deep2
		read /v/one/7
		read /v/one/deep3
		read /v/name/vars
		read /v/name/var
		read /proc/1/status
		read /proc/1/stat
		read /proc/sys/kernel/hostname
		read /proc/sys/kernel/domainname
	`},
	{"access", `profile access {
		/a/r r,
		/a/w w,
		/a/a a,
		/a/rw rw,
		/a/ra ra,
		/a/rk rk,
		/a/rwk rwk,
		/a/rm rm,
		/a/m m,
		/a/front/* rw,
		w /a/first,
		file rw /a/file,
		allow /a/allow r,
		/a/d/ w,
		/a/d/** w,
		/a/two r,
		/a/two w,
	}`, `
		read /a/r
		write /a/r
		rdwr /a/r
		append /a/r
		read /a/w
		write /a/w
		append /a/w
		empty /a/w
		truncate /a/w
		chmod /a/w
		chown /a/w
		unlink /a/w
		create /a/w
		read /a/a
		append /a/a
		write /a/a
		truncate /a/a
		create /a/a2
		rdwr /a/rw
		lock /a/rw
		append /a/ra
		lock /a/rk
		lockout /a/rk
		lockout /a/rwk
		map /a/rm
		protect /a/rm
		map /a/r
		protect /a/r
		map /a/m
		write /a/first
		read /a/first
		rdwr /a/file
		read /a/allow
		rdwr /a/two
		create /a/d/new
		mkdir /a/d/newd/
		mkdir /a/newd/
		rmdir /a/d/oldd/
		rmdir /a/oldd/
		symlink /a/d/sym
		symlink /a/sym
		fifo /a/d/fifo
		fifo /a/fifo
		unlink /a/d/old
		unlink /a/r
		chmod /a/r
		chown /a/r
		truncate /a/r
		rename /a/front/x /a/front/y
		rename /a/front/x /a/d/y
		rename /a/d/y /a/front/x
		rename /a/front/x /a/none
		replace /a/front/x /a/front/y
		exchange /a/front/x /a/front/y
		exchange /a/front/x /a/d/y
	`},
	{"owners", `profile owners {
		owner /o/mine r,
		/o/all r,
		owner /o/all w,
		owner /o/home/*/** rw,
		/o/joint rw,
		deny owner /o/joint w,
		owner /o/new/* w,
		capability setuid,
	}`, `
		read /o/mine
		of 1000 read /o/mine
		as 1000 of 1000 read /o/mine
		as 1000 read /o/mine
		read /o/all
		of 1000 read /o/all
		write /o/all
		of 1000 write /o/all
		of 1000 rdwr /o/all
		rdwr /o/all
		as 1000 of 1000 rdwr /o/home/u/f
		as 1000 of 1001 rdwr /o/home/u/f
		as 1000 of 1000 read /o/home/f
		read /o/joint
		write /o/joint
		of 1000 write /o/joint
		create /o/new/x
		as 1000 of 1000 create /o/new/x
	`},
	{"denials", `profile denials {
		/d/** rwkl,
		deny /d/secret/** rwkl,
		deny /d/ro/** w,
		audit deny /d/loud r,
		audit /d/noted r,
		deny owner /d/notmine rw,
		deny /d/append a,
		deny /d/exec x,
		/d/exec ix,
		/d/run/* ix,
		capability,
		deny capability sys_nice sys_pacct,
		network,
		deny network inet6,
		deny network raw,
		signal,
		deny signal (send) set=(term, hup) peer=unconfined,
		ptrace,
		deny ptrace (trace) peer=peer_a,
	}`, `
		read /d/x
		rdwr /d/y/z
		read /d/secret/x
		write /d/secret/x
		unlink /d/secret/x
		rename /d/x /d/secret/y
		list /d/secret/
		read /d/ro/x
		write /d/ro/x
		append /d/ro/x
		read /d/loud
		write /d/loud
		read /d/noted
		read /d/notmine
		of 1000 read /d/notmine
		append /d/append
		write /d/append
		read /d/append
		exec /d/exec
		exec /d/run/x
		exec /d/z
		cap sys_time
		cap sys_nice
		cap sys_pacct
		socket inet stream
		socket inet6 stream
		socket inet raw
		socket netlink raw
		socket netlink dgram
		kill peer:unconfined term
		kill peer:unconfined usr1
		kill peer:peer_a term
		trace peer:peer_b
		trace peer:peer_a
		inspect peer:peer_a
	`},
	{"programs", `profile programs {
		/x/ix ix,
		/x/rix rix,
		/x/px px,
		/x/Px Px,
		/x/to px -> peer_a,
		/x/cx cx,
		/x/named cx -> kid,
		/x/pix pix,
		/x/ux ux,
		/x/glob/* ix,
		/x/deep/** pix,
		/x/read r,
		/x/mr mr,
		owner /x/mine ix,
		deny /x/glob/not x,
		profile /x/cx { /x/* r, }
		profile kid { /x/* r, }
	}
	profile /x/{px,Px} { /x/* r, }`, `
		exec /x/ix
		exec /x/rix
		exec /x/px
		exec /x/Px
		exec /x/to
		exec /x/cx
		exec /x/named
		exec /x/pix
		exec /x/ux
		exec /x/glob/a
		exec /x/glob/d/b
		exec /x/glob/not
		exec /x/deep/d/e
		exec /x/read
		exec /x/mr
		exec /x/mine
		as 1000 exec /x/mine
		exec /x/none
		read /x/rix
		read /x/ix
	`},
	{"bare", `profile bare { file, capability, network, signal, ptrace, mount, umount, pivot_root, }`, `
		read /b/x
		rdwr /b/x
		create /b/new
		lockout /b/x
		exec /b/prog
		map /b/x
		link /b/l /b/x
		cap sys_module
		socket packet raw
		socket unix dgram
		kill peer:peer_a kill
		trace peer:peer_a
		mount tmpfs rw none /b/m/
		bind /b/src/ /b/m/
		umount /b/m/
		pivot /b/root/old/ /b/root/
	`},
	{"little", `profile little { capability sys_admin, }`, `
		read /b/x
		exec /b/prog
		cap chown
		socket inet stream
		socket unix stream
		kill peer:peer_a usr1
		kill peer:little usr1
		trace peer:peer_a
		inspect peer:peer_a
		mount tmpfs rw none /b/m/
		umount /b/m/
		pivot /b/root/old/ /b/root/
		mkdir /b/newd/
	`},
	{"caps", `profile caps {
		capability chown dac_override,
		capability net_raw,
		capability setuid setgid setpcap,
		audit capability sys_time,
		capability mknod,
		deny capability mknod,
		/cap/* rwk,
		/c/dev w,
		network inet,
	}`, `
		cap chown
		cap dac_override
		cap fowner
		cap ipc_lock
		cap lease
		cap mknod
		cap net_admin
		cap net_bind_service
		cap net_raw
		cap setfcap
		cap setgid
		cap setpcap
		cap setuid
		cap sys_admin
		cap sys_boot
		cap sys_chroot
		cap sys_module
		cap sys_nice
		cap sys_pacct
		cap sys_rawio
		cap sys_time
		cap sys_tty_config
		cap syslog
		device /c/dev
	`},
	{"caps2", `profile caps2 {
		capability fowner ipc_lock lease,
		capability net_admin net_bind_service setfcap,
		capability sys_admin sys_boot sys_chroot sys_nice sys_pacct sys_resource sys_tty_config syslog,
		capability dac_read_search,
		/cap/* rwk,
		network inet,
	}`, `
		cap chown
		cap dac_read_search
		cap fowner
		cap ipc_lock
		cap lease
		cap net_admin
		cap net_bind_service
		cap net_raw
		cap setfcap
		cap sys_admin
		cap sys_boot
		cap sys_chroot
		cap sys_module
		cap sys_nice
		cap sys_pacct
		cap sys_rawio
		cap sys_resource
		cap sys_tty_config
		cap syslog
		cap setuid
	`},
	{"sockets", `profile sockets {
		capability net_raw,
		network inet stream,
		network inet6,
		network netlink raw,
		network dgram,
		network packet raw,
		deny network netlink dgram,
		network unix stream,
	}`, `
		socket inet stream
		socket inet dgram
		socket inet raw
		socket inet6 stream
		socket inet6 dgram
		socket netlink raw
		socket netlink dgram
		socket packet raw
		socket packet dgram
		socket alg seqpacket
		socket bluetooth raw
		socket unix stream
		socket unix dgram
		socket unix seqpacket
		connect 127.0.0.1:9
		connect [::1]:9
		send 127.0.0.1:9
		pair stream
		pair seqpacket
	`},
	{"unixes", `profile unixes {
		# A "deny unix" is left out here: for a kernel that knows no addresses of Unix
		# sockets apparmor_parser drops it, and the policy's text does not say so.
		unix (create) type=stream,
		network tcp,
		network inet udp,
	}`, `
		socket unix stream
		socket unix dgram
		socket unix seqpacket
		socket inet stream
		socket inet dgram
		socket inet6 stream
		socket inet6 dgram
	`},
	{"unixes2", `profile unixes2 {
		unix,
		deny network unix dgram,
	}`, `
		socket unix stream
		socket unix dgram
		pair stream
		pair dgram
	`},
	{"protocols", `profile protocols {
		capability net_raw,
		network tcp,
		network inet6 udp,
		network icmp,
	}`, `
		socket inet stream
		socket inet6 stream
		socket unix stream
		socket vsock stream
		socket bluetooth stream
		socket inet dgram
		socket inet6 dgram
		socket inet raw
		socket inet6 raw
		socket netlink raw
		socket packet raw
	`},
	{"packets", `profile packets {
		capability net_raw,
		network packet,
		deny network inet raw,
		network inet,
	}`, `
		socket packet raw
		socket packet dgram
		socket netlink raw
		socket inet stream
		socket inet raw
	`},
	{"signals", `profile signals /t/signals {
		signal (send) set=(term, hup) peer=peer_a,
		signal (send) set=usr1,
		signal send peer=peer_?,
		deny signal (send) set=(int),
		signal (send) set=(rtmin+4) peer=unconfined,
		signal (send) set=(exists) peer=unconfined,
		signal (receive) set=(winch) peer=unconfined,
	}`, `
		kill peer:peer_a term
		kill peer:peer_a quit
		kill peer:peer_b term
		kill peer:peer_long term
		kill peer:peer_long usr1
		kill peer:unconfined usr1
		kill peer:unconfined term
		kill peer:peer_a int
		kill peer:unconfined rtmin+4
		kill peer:unconfined rtmin+5
		kill peer:unconfined exists
		kill peer:peer_b exists
		kill peer:signals term
		at receive winch
		at receive usr1
		at receive exists
	`},
	{"tracers", `profile tracers {
		ptrace (trace) peer=peer_a,
		ptrace (read) peer=peer_*,
		deny ptrace (read) peer=peer_b,
	}`, `
		trace peer:peer_a
		trace peer:peer_b
		trace peer:unconfined
		inspect peer:peer_a
		inspect peer:peer_b
		inspect peer:peer_long
		inspect peer:unconfined
	`},
	{"mounts", `profile mounts {
		capability sys_admin,
		mount fstype=tmpfs options=(rw) none -> /m/any/*/,
		mount fstype=(tmpfs, proc) options=(ro, nosuid) -> /m/two/**,
		mount fstype=tmpfs options in (rw, nodev, noexec) none -> /m/in/,
		mount options=(rw, bind) /m/src/ -> /m/dst/,
		mount options=bind /m/glob/** -> /m/dst2/,
		mount options=(rbind) /m/src/ -> /m/dst/,
		mount options=(move) /m/from/ -> /m/to/,
		mount options=(remount, ro) -> /m/re/,
		mount options=(private) -> /m/prop/,
		mount options=(rw, rshared) -> /m/prop/,
		mount fstype=tmpfs options=(rw) -> /m/denied/,
		deny mount fstype=tmpfs -> /m/denied/,
		umount /m/um/*/,
		pivot_root oldroot=/m/root/old/ /m/root/,
	}`, `
		mount tmpfs rw none /m/any/x/
		mount tmpfs rw none /m/any/x/y/
		mount tmpfs rw other /m/any/x/
		mount tmpfs nosuid none /m/any/x/
		mount proc rw none /m/any/x/
		mount tmpfs ro,nosuid none /m/two/x/y/
		mount proc ro,nosuid proc /m/two/x/y/
		mount sysfs ro,nosuid none /m/two/x/
		mount tmpfs ro none /m/two/x/
		mount tmpfs rw none /m/in/
		mount tmpfs nodev none /m/in/
		mount tmpfs nodev,noexec none /m/in/
		mount tmpfs nodev,nosuid none /m/in/
		mount tmpfs nodev other /m/in/
		bind /m/src/ /m/dst/
		bind /m/src/ /m/dst2/
		bind /m/glob/a/ /m/dst2/
		bind /m/glob/ /m/dst2/
		rbind /m/src/ /m/dst/
		rbind /m/glob/a/ /m/dst2/
		move /m/from/ /m/to/
		move /m/from/ /m/dst/
		remount remount,ro /m/re/
		remount remount,ro,nosuid /m/re/
		remount remount,ro /m/prop/
		propagate private /m/prop/
		propagate slave /m/prop/
		propagate rshared /m/prop/
		propagate private /m/re/
		mount tmpfs rw none /m/denied/
		umount /m/um/x/
		umount /m/um/x/y/
		umount /m/re/
		pivot /m/root/old/ /m/root/
		pivot /m/root/other/ /m/root/
	`},
	{"mounts2", `profile mounts2 {
		capability sys_admin,
		mount fstype=tmp* -> /w/glob/,
		mount options=(ro nosuid nodev) /w/nosuch -> /w/blank/,
		mount none -> /w/source/,
		mount -> /w/anything/**,
		deny mount options=(bind) -> /w/anything/**,
		mount options in (ro, nosuid) fstype=proc,
		remount /w/re/,
		remount options=(ro, nodev) /w/re2/,
		remount options in (ro, nodev) /w/re3/,
		remount options=(rw) /w/re4/,
		mount options in (bind) -> /w/in/,
		mount options in (ro, rbind) -> /w/in2/,
		mount options in (remount, ro) -> /w/in3/,
		mount options in (private, slave) -> /w/in4/,
		mount options in (move) -> /w/in5/,
		mount options=(slave) -> /w/slave/,
		mount options=(make-rslave, make-shared) -> /w/slave/,
		unmount /w/un/**,
		deny umount /w/un/not/,
		mount @{ONE} -> /w/var/,
	}`, `
		mount tmpfs rw none /w/glob/
		mount proc rw none /w/glob/
		mount tmpfs ro,nosuid,nodev /w/nosuch /w/blank/
		mount tmpfs ro,nosuid /w/nosuch /w/blank/
		mount tmpfs ro,nosuid,nodev none /w/blank/
		mount tmpfs rw none /w/source/
		mount tmpfs ro,noexec none /w/source/
		mount tmpfs rw some /w/source/
		mount tmpfs rw none /w/anything/a/
		mount proc ro,nosuid proc /w/anything/b/c/
		bind /w/src/ /w/anything/a/
		rbind /w/src/ /w/anything/a/
		propagate private /w/anything/a/
		mount proc ro proc /w/proc/
		mount proc ro,nosuid proc /w/proc/
		mount proc nodev proc /w/proc/
		mount tmpfs ro none /w/proc/
		remount remount,ro /w/re/
		remount remount,nosuid /w/re/
		remount remount,ro,nodev /w/re2/
		remount remount,ro /w/re2/
		mount tmpfs rw none /w/re/
		remount remount /w/re2/
		remount remount /w/re3/
		remount remount,nodev /w/re3/
		remount remount,ro,nodev /w/re3/
		remount remount,nosuid /w/re3/
		mount tmpfs nodev none /w/re3/
		mount tmpfs rw none /w/in/
		mount tmpfs ro none /w/in/
		bind /w/src/ /w/in/
		rbind /w/src/ /w/in/
		mount tmpfs rw none /w/in2/
		mount tmpfs ro none /w/in2/
		rbind /w/src/ /w/in2/
		remount remount /w/in3/
		remount remount,ro /w/in3/
		remount remount,nosuid /w/in3/
		mount tmpfs rw none /w/in3/
		mount tmpfs ro none /w/in3/
		mount tmpfs rw none /w/in4/
		propagate private /w/in4/
		propagate shared /w/in4/
		mount tmpfs rw none /w/in5/
		move /w/moved/ /w/in5/
		remount remount /w/re4/
		remount remount,ro /w/re4/
		propagate slave /w/slave/
		propagate rslave /w/slave/
		propagate shared /w/slave/
		propagate private /w/slave/
		umount /w/un/a/
		umount /w/un/not/
		umount /w/um/
		mount tmpfs rw /v/one/ /w/var/
		mount tmpfs rw /v/two/ /w/var/
	`},
	{"quiet", `profile quiet {
		signal (receive) set=(usr1) peer=asks,
		signal (receive) set=(hup) peer=@{profile_name},
		ptrace (readby) peer=asks,
	}
	profile asks { signal, ptrace, }`, `
		in asks kill peer:quiet usr1
		in asks kill peer:quiet usr2
		in asks trace peer:quiet
		in asks inspect peer:quiet
		in asks kill peer:asks term
	`},
	{"changes", `profile changes {
		include <abstractions/attr>
		change_profile -> peer_a,
		change_profile -> nest//*,
	}`, `
		change peer_a
		change peer_b
		change peer_long
		change nest//kid
		change nest
		change unconfined
		onexec peer_a
		onexec peer_long
	`},
	{"nest", `profile nest {
		/n/parent r,
		capability sys_nice,
		^hat {
			/n/hat r,
			capability syslog,
		}
		profile kid {
			/n/kid r,
			network inet stream,
		}
		hat other {
			/n/other rw,
		}
	}`, `
		read /n/parent
		read /n/hat
		read /n/kid
		cap sys_nice
		cap syslog
		in nest//hat read /n/hat
		in nest//hat read /n/parent
		in nest//hat cap syslog
		in nest//hat cap sys_nice
		in nest//kid read /n/kid
		in nest//kid read /n/hat
		in nest//kid socket inet stream
		in nest//kid socket inet dgram
		in nest//other rdwr /n/other
		in nest//other read /n/hat
	`},
	{"includes", `profile includes {
		include <abstractions/one>
		include <abstractions/all>
		#include <abstractions/all/a>
		include if exists <abstractions/nosuch>
		include if exists <local/includes>
		/i/never rw,
		if $ON { /i/on r, } else { /i/off r, }
		if not $ON { /i/on2 r, } else { /i/off2 r, }
		if $OFF { /i/on3 r, }
		if defined @{ONE} { /i/defined r, }
		if defined @{NOSUCH} { /i/undefined r, }
	}`, `
		read /i/one
		read /i/two
		read /i/never
		write /i/never
		read /i/all/a
		read /i/all/b
		read /i/all/c
		read /i/local
		read /i/else
		cap sys_nice
		read /i/on
		read /i/off
		read /i/on2
		read /i/off2
		read /i/on3
		read /i/defined
		read /i/undefined
	`},
	{"links", `profile links {
		link /l/new/* -> /l/old/*,
		link subset /l/sub/* -> /l/**,
		/l/letter/* l,
		/l/same r,
		/l/wide/* rwl,
		/l/rw rw,
		/l/sub/x r,
		owner /l/own/* l,
		deny link /l/new/no -> /l/old/x,
	}`, `
		link /l/new/a /l/old/x
		link /l/new/a /l/elsewhere
		link /l/other /l/old/x
		link /l/new/no /l/old/x
		link /l/letter/a /l/same
		link /l/letter/a /l/old/x
		link /l/wide/a /l/rw
		link /l/wide/a /l/same
		link /l/sub/x /l/same
		link /l/sub/x /l/old/x
		link /l/own/a /l/same
		of 1000 link /l/own/a /l/same
	`},
	{"limits", `profile limits {
		capability sys_resource,
		set rlimit core <= 10K,
		set rlimit rtprio <= 5,
	}`, `
		limit core 100
		limit core 10240
		limit core 10241
		limit core 1000000
		limit rtprio 5
		limit rtprio 6
	`},
	{"peers", `profile peer_a { file, signal, ptrace, }
	profile peer_b { file, signal, ptrace, }
	profile peer_long { file, signal, ptrace, }`, ``},
}
