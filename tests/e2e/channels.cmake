add_executable(channel_driver channel_driver.c)
target_link_libraries(channel_driver PRIVATE muster_channels)
e2e_test(channels ENVIRONMENT CHANNEL_DRIVER=$<TARGET_FILE:channel_driver>)
e2e_test(pulse)
