package installed

// unusual is a profile in forms that are seldom seen; apparmor_parser takes all of
// them.
const unusual = `
@{A} = /a1 "/a 2" # comment
@{A} += /a3/
@{B}="@{A}/in"
@{C}=/c/@{D}
@{D}=x y
@{E}=@{C}
@{ALIAS}=/var/run/
@{lit}=a*b
${ON}=true
$OFF=false
alias /home/ -> /srv/home/,
profile sltest /usr/bin/{x,y} flags=(attach_disconnected,mediate_deleted) {
  "@{A}/q" r,
  @{A}/u w,	# comment, with a comma
  @{B} r,
  @{E}/** r,
  @{ALIAS}/x r,
  /lit/@{lit} r,
  /g1 r,/g2 rw,"/g3"r,owner /g4 r,
  /g5,r r,
  allow file r /f1,
  audit owner /f2 w,
  owner file rw /f3,
  file /f4 rk,
  /multi
     rw,
  owner {
    /blk1 r,
    /blk2 w,
  }
  audit {
    /dblk r,
  }
  audit deny owner /ado/** w,
  /has#hash r,
  /esc/\x41\d066\103\4008\xg\dz r,
  /esc/[\x41-\x43] r,
  /cls/[^/]x r,
  /cls/[a-c0-9_]* r,
  /nest/{a,{b,c}d,}e r,
  /star*star/** r,
  /s2/**/ r,
  /s3/*.d/*.conf r,
  /s4/{*,**} r,
  /s5/{,*} r,
  /s6/{,**} r,
  /s7** w,
  /x/pix pix,
  /x/pxn px -> other,
  /x/PUx PUx,
  /x/cx cx -> kid,
  /x/deny rix,
  deny /x/denied x,
  unsafe /x/uns px,
  pix /x/front,
  /l1 l -> /t/*,
  /l2 rl,
  /t2 r,
  link subset /l3 -> /t3,
  /l3 r,
  /t3 r,
  owner link /l4 -> /t4,
  change_profile /bin/x -> cond,
  change_profile -> @{lit},
  change_profile -> {one,two}//h,
  capability,
  network udp,
  network inet6 tcp,
  network unix,
  signal (receive),
  signal (send) set=(rtmin+3 "exists") peer=@{profile_name},
  deny signal send set=usr1 peer=no,
  ptrace (readby, tracedby) peer=@{profile_name}//*,
  ptrace (read) peer={,:*:}foo,
  dbus bus=session interface=org.all,
  deny dbus send bus=session interface=org.all member=No,
  unix peer=(addr=none),
  unix (bind listen) type=stream addr="@abc*",
  mount options=(rw,make-slave) -> /ms/,
  mount options=(rw,bind) /b1/ -> /b2/,
  mount fstype=cgroup -> /cg/**,
  mount /src1 -> /tgt1/,
  remount /rm/,
  mount options=(ro,remount,bind) -> /rob/,
  mount options=(rw rbind) -> /rb/**,
  umount,
  pivot_root /pr/*/,
  set rlimit nice <= 5,
  set rlimit cpu <= 5min,
  set rlimit as <= 1GB,
  set rlimit nproc <= infinity,
  set rlimit nproc <= 12,
  set rlimit fsize <= 2KB,
}
`

// unusualQuestions are the rules that it is asked about.
var unusualQuestions = []string{
	`set rlimit nproc <= 12,`, `set rlimit nproc <= 13,`,
	`"/esc/ABC 08xgdz" r,`, `"/esc/ABC 08xgd" r,`, `"/esc/B" r,`, `"/esc/D" r,`,
	`"/g1" r,`, `"/g2" rw,`, `"/g3" r,`, `owner "/g4" r,`, `"/g4" r,`, `"/g5,r" r,`, `"/g5" r,`,
	`"/a1/q" r,`, `"/a 2/q" r,`, `"/a3/q" r,`, `"/a1/u" w,`, `"/a 2/u" a,`, `"/a1/in" r,`, `"/a3/in" r,`, `"/c/x/z" r,`, `"/c/y/z/z" r,`, `"/c/z/z" r,`,
	`"/var/run/x" r,`, `"/lit/a\*b" r,`, `"/lit/axxb" r,`, `"/f1" r,`, `"/f1" w,`, `owner "/f2" w,`, `"/f2" w,`, `owner "/f3" rw,`, `"/f4" rk,`,
	`"/multi" rw,`, `owner "/blk1" r,`, `"/blk1" r,`, `owner "/blk2" w,`, `"/dblk" r,`, `owner "/ado/x" w,`, `"/ado/x" w,`, `owner "/ado/x" r,`,
	`"/has#hash" r,`, `"/has" r,`, `"/cls/yx" r,`, `"/cls/ax" r,`, `"/cls/-z" r,`, `"/cls/0" r,`, `"/cls/_/x" r,`, `"/nest/e" r,`, `"/nest/ae" r,`,
	`"/nest/bde" r,`, `"/nest/be" r,`, `"/starxstar/y" r,`, `"/starstar/y" r,`, `"/stara/star/y" r,`, `"/s2/x/" r,`, `"/s2/x" r,`, `"/s2/" r,`,
	`"/s3/a.d/b.conf" r,`, `"/s3/.d/.conf" r,`, `"/s3/a.d/.conf" r,`, `"/s4/" r,`, `"/s4/x" r,`, `"/s4/x/y" r,`, `"/s5/" r,`, `"/s5/x" r,`, `"/s5/x/" r,`,
	`"/s6/" r,`, `"/s6/x/" r,`, `"/s7" w,`, `"/s7/x" w,`, `"/s7x" w,`, `"/l1" r,`, `link "/l1" -> "/t/x",`, `link "/l2" -> "/t2",`,
	`link "/l3" -> "/t3",`, `owner link "/l4" -> "/t4",`, `link "/l4" -> "/t4",`, `"/l2" r,`, `change_profile -> "cond",`, `change_profile -> "axb",`,
	`change_profile -> "a\*b",`, `change_profile -> "one//h",`, `change_profile -> "three//h",`, `capability sys_admin,`, `capability kill,`,
	`network inet dgram,`, `network inet6 dgram,`, `network inet6 stream,`, `network inet stream,`,
	`unix (send) type=stream peer=(label="x", addr="@y"),`, `signal (receive) set=(int) peer="z",`, `signal (send) set=(rtmin+3) peer="sltest",`,
	`signal (send) set=(exists) peer="sltest",`, `signal (send) set=(rtmin+4) peer="sltest",`, `signal (send) set=(usr1) peer="no",`,
	`ptrace (readby) peer="sltest//k",`, `ptrace (readby) peer="sltest",`, `ptrace (read) peer="foo",`, `ptrace (read) peer=":ns:foo",`,
	`dbus (send) bus=system path="/p" interface="i" member="m" peer=(name="n", label="ab"),`,
	`dbus (send) bus=system path="/p" interface="i" member="m" peer=(name="n", label="a"),`,
	`dbus (receive) bus=session path="/p" interface="org.all" member="m" peer=(label="q"),`,
	`dbus (send) bus=session path="/p" interface="org.all" member="No" peer=(label="q"),`, `dbus (bind) bus=session name="x",`,
	`dbus (eavesdrop) bus=session,`, `unix (send) type=stream peer=(label="l", addr="none"),`, `unix (bind) type=stream addr="@abcd",`,
	`unix (bind) type=dgram addr="@abcd",`, `unix (connect) type=dgram peer=(label="unconfined", addr="@x"),`, `unix (create) type=stream,`,
	`mount options=(slave) -> "/ms/",`, `mount options=(rslave) -> "/ms/",`, `mount options=(bind) "/b1/" -> "/b2/",`,
	`mount options=(rbind) "/b1/" -> "/b2/",`, `mount fstype=cgroup options=(rw) "cgroup" -> "/cg/x/",`,
	`mount fstype=cgroup options=(ro) "cgroup" -> "/cg/x/",`, `mount fstype=cgroup2 options=(rw) "cgroup" -> "/cg/x/",`,
	`mount options=(bind) "/src1" -> "/tgt1/",`, `mount options=(remount) -> "/rm/",`, `mount options=(bind, remount, ro) -> "/rob/",`,
	`mount options=(remount, ro) -> "/rob/",`, `mount options=(rbind) "/z/" -> "/rb/x/",`, `mount options=(bind) "/z/" -> "/rb/x/",`, `umount "/x/",`,
	`pivot_root oldroot="/pr/x/old/" "/pr/x/",`, `pivot_root oldroot="/pr/x/old/" "/pr/x/y/",`, `set rlimit cpu <= 300,`, `set rlimit cpu <= 301,`,
	`set rlimit as <= 1073741824,`, `set rlimit as <= 1073741825,`, `set rlimit fsize <= 2048,`, `set rlimit fsize <= 2049,`, `set rlimit data <= 1,`,
	`"/srv/home/x" r,`, `"/x/deny" ix,`, `"/x/deny" rix,`,
}
