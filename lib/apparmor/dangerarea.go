package apparmor

// areas are where, as in the socketDangers below /run, nothing is harmless that the table harmlessPaths does not name:
// what is written there is run, loaded, believed or obeyed outside of the profile.
// What lies wholly within a harmless path has none of these levels.
var areas = []pathDanger{
	{"/etc/**", 0, 9, 0, "the configuration of the system"},
	{"/usr/**", 0, 9, 0, "what everybody runs or loads"},
	{"/opt/**", 0, 9, 0, "programs that everybody runs"},
	{"/{snap,nix,gnu,ostree,sysroot,sysext,app,libexec,pkg}/**", 0, 9, 0, "programs that everybody runs"},
	{"/{bin,sbin,games}/**", 0, 9, 0, "programs that everybody runs"},
	{"/lib*/**", 0, 9, 0, "what every program loads"},
	{"/{boot*,efi,initrd*}/**", 0, 9, 0, "what the system boots"},
	{"/*", 0, 8, 0, "a file beside the system's folders"},
	{"/dev/**", 8, 9, 0, "a device"},
	{"/proc/**", 0, 9, 0, "the settings of the kernel and its processes"},
	{"/sys/**", 0, 9, 0, "the settings of devices and kernel"},

	{"/run/{systemd,udev,dbus,dbus-1,polkit-1,initramfs,NetworkManager,connman,netplan,network,ifstate}*/**", 0, 9, 0, "what the system starts and obeys"},
	{"/run/{modprobe,modules,modules-load,depmod,tmpfiles,sysctl,sysusers,binfmt,environment,motd,profile,udev,cron,nftables,kernel,apt}.d/**", 0, 9, 0, "what the system starts and obeys"},
	{"/run/{ld.so.conf,systemd}.d/**", 0, 9, 0, "what the system starts and obeys"},
	{"/run/*.d/**", 0, 9, 0, "configuration that comes before that of the system"},
	{"/run/{sudo,doas,faillock,sepermit,user-sudo,pam*}/**", 0, 9, 0, "who becomes root"},
	{"/run/{lvm,mdadm,cryptsetup,multipath*,mount,netns,cloud-init,ostree*,host,initctl,nologin,fsck*,plymouth,extensions,confexts,portables}{,/**}", 0, 9, 0, "what the system starts and obeys"},
	{"/run/{machines,log/journal}{,/**}", 0, 9, 0, "what the system starts and obeys"},
	{"/run/user/*/**", 0, 8, 0, "what a user's session listens to"},

	{"@{HOME}/.*", 0, 9, 0, "what a user's programs run or obey"},
	{"@{HOME}/.*/**", 0, 9, 0, "what a user's programs run or obey"},
	{"/**/home/*/.*", 0, 9, 0, "what a user's programs run or obey"},
	{"/**/home/*/.*/**", 0, 9, 0, "what a user's programs run or obey"},

	{"/var/lib/{dpkg,rpm,apt,aptitude,apt-listchanges,dnf,yum,pacman,PackageKit,ucf,dkms,shells.state,initramfs-tools,pam,polkit-1,sudo,systemd}/**", 0, 9, 0, "what the system has installed and starts"},
	{"/var/lib/{extensions,confexts,portables,machines,AccountsService,snapd,flatpak,alternatives,cloud,waagent,puppet,chef,salt,grub}/**", 0, 9, 0, "what the system has installed and starts"},
	{"/var/lib/{shim-signed,secureboot,fwupd,os-prober,usb_modeswitch,NetworkManager,connman,dhcp,dhcpcd,dbus,xkb,xdm,gdm,gdm3,lightdm,sddm}/**", 0, 9, 0, "what the system has installed and starts"},
	{"/var/lib/{python,emacsen-common,sgml-base,update-manager,update-notifier,unattended-upgrades,needrestart,sysvinit,urandom,rancher,kubelet}/**", 0, 9, 0, "what the system has installed and starts"},
	{"/var/lib/{kubernetes,docker,containerd,containers,crio,cni,lxc,lxd,lxcfs,incus,libvirt,nspawn,waydroid,anbox,etckeeper,aide,tripwire}/**", 0, 9, 0, "what the system has installed and starts"},
	{"/var/lib/{aptosid,binfmts,ghc,gems,tpm2-tss,bluetooth,iwd,boltd,usbguard,fprint,selinux,ebtables,iptables,nftables,ufw,shorewall,private}/**", 0, 9, 0, "what the system has installed and starts"},
	{"/var/cache/{apt,apparmor,ldconfig,debconf,dnf,yum,PackageKit,pacman,zypp,libdnf5,snapd,apt-show-versions,flashplugin-nonfree}/**", 0, 9, 0, "what the system installs and loads"},
	{"/var/cache/dictionaries-common/**", 0, 9, 0, "what the system installs and loads"},
	{"/var/spool/{cron,at,atjobs,atspool,anacron,incron,fcron}{,/**}", 0, 9, 0, "what runs at set times"},
	{"/var/backups/**", 0, 8, 0, "what the system goes back to"},
}

// harmlessPaths are the exceptions of the areas, for reading alone or for writing
// as well, and why: a pattern is excepted where all that it matches is among one
// of them.
var harmlessPaths = []struct{ pattern, access, why string }{
	// Devices that lead to nobody but their user.
	{"/{dev,proc,sys}/{,**/}", "r", "the names in a folder"},
	{"/dev/{null,zero,full,random,urandom}", "rw", "has no memory"},
	{"/dev/{tty,ptmx,pts/ptmx}", "rw", "the terminal of the process itself, or a new one"},
	{"/dev/pts/*", "rw", "a terminal: row of its own"},
	{"/dev/{tty,ttyS,ttyUSB,ttyACM,ttyAMA,hvc,console}*", "rw", "a terminal: row of its own"},
	{"/dev/{stdin,stdout,stderr}", "rw", "what the process has open"},
	{"/dev/fd/*", "rw", "what the process has open"},
	{"/dev/{shm,mqueue,hugepages*}/{,**}", "rw", "memory that programs share: theirs to protect"},
	{"/dev/log", "rw", "the socket of the log"},
	{"/dev/{kmsg,initctl/fifo}", "r", "row of its own"},
	{"/dev/kmsg", "rw", "the kernel marks what it did not write itself"},
	{"/dev/{dri,snd,dma_heap,nvidia-caps}/**", "rw", "row of its own"},
	{"/dev/{nvidia,video,media,v4l-subdev,radio,vbi,cec,dvb}*", "rw", "row of its own"},
	{"/dev/{dvb,v4l}/**", "rw", "row of its own"},
	{"/dev/{kfd,kvm,vhost-net,vhost-vsock,vsock,sgx_enclave,sgx_vepc,sev,sev-guest}", "rw", "memory of the process itself"},
	{"/dev/{sgx,vboxdrvu}/**", "rw", "memory of the process itself"},
	{"/dev/{fuse,net/tun,ppp,userfaultfd,udmabuf}", "rw", "of use only with what has a level of its own"},
	{"/dev/{lp,usb/lp,parport}*", "rw", "prints"},
	{"/dev/{cpu_dma_latency,vga_arbiter,rfkill,hpet,ptp,pps}*", "rw", "changes what does not protect anything"},
	{"/dev/{rtc,sr,cdrom,dvd,scd,watchdog,st,nst,autofs,tpm,tpmrm,input/js,input/mouse,gpiochip,i2c-,hwrng,uinput}*", "r", "row of its own, or nothing to read"},

	// What a process says about itself.
	{"/proc/*/{comm,oom_adj,oom_score_adj,coredump_filter,timerslack_ns,autogroup,clear_refs,sched,latency,loginuid,sessionid}", "rw", "about one process, without rights"},
	{"/proc/*/task/*/{comm,oom_adj,oom_score_adj,coredump_filter,timerslack_ns,clear_refs,sched}", "rw", "about one process, without rights"},
	{"/proc/*/{uid_map,gid_map,setgroups,projid_map}", "rw", "of a user namespace, which has a level of its own"},
	{"/proc/*/attr/{,**}", "rw", "row of its own"},
	{"/proc/*/task/*/attr/{,**}", "rw", "row of its own"},
	{"/proc/irq/*/smp_affinity*", "rw", "which processor serves a device"},
	{"/proc/sys/net/ipv{4,6}/{conf,neigh}/*/{mtu,hop_limit,base_reachable_time_ms,retrans_time_ms,retrans_time,app_solicit,ucast_solicit,mcast_solicit}", "rw", "the pace of the network"},
	{"/proc/sys/net/ipv6/conf/*/{addr_gen_mode,use_tempaddr,stable_secret}", "rw", "which address the host gives itself"},
	{"/sys/devices/**/{brightness,kbd_backlight,trigger,delay_on,delay_off}", "rw", "lights"},
	{"/sys/class/{backlight,leds}/**/brightness", "rw", "lights"},

	// Files below /etc and /usr that nobody obeys.
	{"/etc/.pwd.lock", "rw", "an empty file that is locked"},
	{"/etc/{adjtime,fake-hwclock.data}", "rw", "what the clock said"},
	{"/etc/cups/{subscriptions,printers,classes}.conf*", "rw", "state of the printing system, which it reads itself"},
	{"/etc/mtab*", "rw", "a list for people: the kernel has its own"},
	{"/usr/share/fonts/**/.uuid*", "rw", "a number for a folder of fonts"},
	{"/usr/local/share/fonts/**/.uuid*", "rw", "a number for a folder of fonts"},
	{"/usr/share/fonts/.uuid*", "rw", "a number for a folder of fonts"},
	{"/opt/*/{log,logs,cache,tmp,run}/{,**}", "rw", "what an application keeps for itself"},
	{"/opt/*/var/{log,cache,tmp,run,spool}/{,**}", "rw", "what an application keeps for itself"},

	// What everybody may talk to, or leave behind.
	{"/run/systemd/{notify,journal/socket,journal/stdout,journal/dev-log,journal/syslog,cgroups-agent}", "rw", "tells the state of a service, or logs"},
	{"/run/systemd/{inhibit,sessions}/*.ref", "rw", "a pipe that ends when its holder does"},
	{"/run/systemd/userdb/io.systemd.{DynamicUser,Home,Machine,Multiplexer,NameServiceSwitch,DropIn}", "rw", "looks up users"},
	{"/run/systemd/resolve/io.systemd.Resolve", "rw", "looks up names"},
	{"/run/systemd/{io.system.ManagedOOM,io.systemd.ManagedOOM}", "rw", "what is short of memory"},
	{"/run/dbus/system_bus_socket", "rw", "row of its own"},
	{"/run/{,**/}*.{pid,lock,log,status,leases,lease}", "rw", "what a service says about itself"},
	{"/run/dbus/{pid,system_bus_socket.lock}", "rw", "the number of a process"},
	{"/run/network/.ifstate.lock", "rw", "an empty file that is locked"},
	{"/run/faillock/.lock", "rw", "an empty file that is locked"},
	{"/run/user/*/{,bus}", "rw", "row of its own"},
	{"/run/user/*/{dconf,gvfs,gvfsd,doc,pulse,speech-dispatcher,ICEauthority,mesa_shader_cache,dbus-session-monitor,libreoffice*,orbit*}{,/**}", "rw", "what programs of a session keep for themselves"},
	{"/run/user/*/{kioclient*,kio*,klauncher*,ksocket-*,snap.*,.flatpak,xdg-desktop-portal}{,/**}", "rw", "what programs of a session keep for themselves"},
	{"/run/user/*/{pipewire-*,*.pid,*.lock,.mutter-Xwaylandauth.*,at-spi/bus*,gdm/Xauthority,systemd/notify,systemd/journal/*}", "rw", "reaches what has a level of its own, or nothing"},

	// Files of users that no program runs or obeys.
	{"@{HOME}/.{cache,thumbnails,Trash*,local/state,local/share,java/fonts,gvfs}{,/**}", "rw", "what programs keep for themselves: rows of their own for some"},
	{"@{HOME}/.{config,local,local/share,config/*,var,mozilla,thunderbird,fonts,icons,themes,gnome2,kde}/", "rw", "a folder"},
	{"@{HOME}/.config/{dconf,pulse,enchant,evince,eog,totem,cheese,simple-scan,shotwell,gthumb,xournalpp,htop,transmission,spotify,yelp}{,/**}", "rw", "settings that name no program"},
	{"@{HOME}/.config/{ibus/bus,tracker*,gnome-*,libaccounts-glib}{,/**}", "rw", "settings that name no program"},
	{"@{HOME}/.config/libreoffice/*/user/{.lock,store/**,backup/**,psprint/**}", "rw", "settings that name no program"},
	{"@{HOME}/.config/{QtProject.conf,Trolltech.conf,pavucontrol.ini,zoomus.conf,okularrc,gwenviewrc,kdeglobals.lock,gtk-2.0/gtkfilechooser.ini}*", "rw", "settings that name no program"},
	{"@{HOME}/.config/{gtk-3.0/bookmarks,gtk-4.0/bookmarks,wireshark/recent*,user-dirs.locale}*", "rw", "settings that name no program"},
	{"@{HOME}/.{ICEauthority,Xauthority}*", "rw", "row of its own"},
	{"@{HOME}/.{recently-used,xsession-errors,lesshst,wget-hsts,sudo_as_admin_successful,hsts,gtk-bookmarks,esd_auth,pulse-cookie,fonts.cache-1}*", "rw", "state that decides nothing"},
	{"@{HOME}/.DCOPserver**", "rw", "state that decides nothing"},
	{"@{HOME}/.*_history*", "rw", "row of its own"},

	{"/var/lib/systemd/{coredump,rfkill,backlight,timesync}/{,**}", "rw", "state that decides nothing"},
	{"/var/lib/systemd/{random-seed,timers/stamp-*}", "rw", "state that decides nothing"},
	{"/var/lib/{dhcp,dhcpcd,NetworkManager,connman}/*{.lease,.leases,.lease6,.leases6}*", "rw", "the addresses that the host was given"},
	{"/var/lib/NetworkManager/{timestamps,seen-bssids,NetworkManager-intern.conf,secret_key,timestamps.*,seen-bssids.*}", "rw", "what the network was"},
	{"/var/lib/libvirt/{dnsmasq,qemu,images,swtpm,boot}/{,**}", "rw", "the guests of one program"},
	{"/var/lib/{gdm,gdm3,lightdm,sddm}/{.cache,.local/share}/**", "rw", "what a login screen keeps"},
	{"/var/lib/docker/volumes/*/_data/**", "rw", "the files of a container"},
	{"/var/cache/debconf/tmp.ci/{,**}", "r", "nothing to read"},
	{"/var/spool/anacron/*", "rw", "when a job ran last"},
}
